/** Plays one fuzz case: random moves, every check after every step, and the tries a case asks for beside. */

import { DeeplOpsError } from '../../base/index.ts';
import { NO_OP } from '../../contract/index.ts';
import { type ContestEnvironment, createEnvironment } from '../../environment/index.ts';
import { checkCluster } from './cluster-checks.ts';
import { checkContest } from './contest-checks.ts';
import { Dice } from './dice.ts';
import type { FuzzCase } from './fuzz-case.ts';
import type { Complaint, FuzzOutcome } from './fuzz-report.ts';
import { applyEffects, type FuzzStep, legalChoices, StepDraws } from './fuzz-step.ts';
import { MeterChecks } from './meter-checks.ts';
import { checkCounts, eventsOf } from './request-checks.ts';

/** Steps that are played again from a snapshot. */
const REPLAYED_STEPS = 6;
/** Steps in which an illegal choice, a look-ahead, or two more legal choices are tried. */
const TRIED_RATIO = 0.04;
/** Retry storms of single requests cost time without end: an episode stops after so many events. */
const EVENTS_MAX = 300_000;

/** An episode with all that was done in it. */
export interface PlayedEpisode extends FuzzOutcome {
  readonly moves: readonly FuzzStep[];
  /** State hash after the reset and after each step. */
  readonly hashes: readonly string[];
}

/** Plays a case to its end or its first complaint. */
export function playFuzzCase(of: FuzzCase): PlayedEpisode {
  const played = new FuzzEpisode(of).play();
  if (played.failure !== null || !of.rerun) return played;
  return { ...played, ...new FuzzEpisode(of, played.moves).comparedWith(played) };
}

/** Plays given moves on a case, without its other tries; choices that are no longer legal are left out. */
export function playMoves(of: FuzzCase, moves: readonly FuzzStep[]): PlayedEpisode {
  return new FuzzEpisode({ ...of, snapshotStep: -1, rerun: false }, moves).play();
}

/** A complaint on its way out of a step. */
class Failed extends Error {
  readonly complaint: Complaint;

  constructor(complaint: Complaint) {
    super(complaint.what);
    this.complaint = complaint;
  }
}

function complain(check: string, what: string): never {
  throw new Failed({ check, what });
}

/** One playing of a case: with moves drawn as it goes, or with given ones. */
class FuzzEpisode {
  readonly #case: FuzzCase;
  readonly #given: readonly FuzzStep[] | undefined;
  readonly #draws: StepDraws;
  readonly #tries: Dice;
  readonly #moves: FuzzStep[] = [];
  readonly #hashes: string[] = [];
  #snapshot: ArrayBuffer | undefined;

  constructor(of: FuzzCase, given?: readonly FuzzStep[]) {
    this.#case = of;
    this.#given = given;
    this.#draws = new StepDraws(of, new Dice(of.seed, 'moves'));
    this.#tries = new Dice(of.seed, 'tries');
  }

  play(): PlayedEpisode {
    const failure = this.#caught(() => {
      this.#run();
    });
    return { steps: this.#moves.length, moves: this.#moves, hashes: this.#hashes, failure };
  }

  /** Plays the same moves and complains of the first step that ends in another state. */
  comparedWith({ hashes }: PlayedEpisode): FuzzOutcome {
    const played = this.play();
    if (played.failure !== null) return played;
    const step = hashes.findIndex((hash, index) => hash !== played.hashes[index]);
    const what = `the same case played twice differs after step ${step}`;
    return { steps: played.steps, failure: step < 0 ? null : this.#failure({ check: 'rerun', what }, step) };
  }

  #run(): void {
    const { scenario, engine, regret, seed, snapshotStep } = this.#case;
    const environment = createEnvironment(scenario, { engine, regret, script: scenario.script.length > 0 });
    const meters = new MeterChecks(environment.cluster);
    environment.reset({ seed });
    meters.remember();
    this.#noteHash(environment);
    this.#check(environment, meters);
    while (environment.running && eventsOf(environment.cluster) < EVENTS_MAX) {
      const step = this.#moves.length;
      if (this.#given !== undefined && step >= this.#given.length) return;
      if (step === snapshotStep) this.#snapshot = environment.snapshot().state;
      this.#step(environment);
      this.#check(environment, meters);
      if (step + 1 === snapshotStep + REPLAYED_STEPS || !environment.running) this.#playAgain(environment);
      meters.remember();
    }
  }

  #step(environment: ContestEnvironment): void {
    const given = this.#given?.[this.#moves.length];
    const effects = given ?? this.#draws.effects(environment.cluster);
    applyEffects(environment, effects);
    if (given === undefined) this.#tryThings(environment);
    const choices = given ?? this.#draws.choices(environment);
    const move: FuzzStep = { ...effects, ...onlyLegal(environment, choices) };
    this.#moves.push(move);
    environment.advance(move.chaos, move.order);
    this.#noteHash(environment);
  }

  /** A hash reads the whole state: taken only where something is compared with it. */
  #noteHash(environment: ContestEnvironment): void {
    const { rerun, snapshotStep } = this.#case;
    this.#hashes.push(rerun || snapshotStep >= 0 ? environment.stateHash() : '');
  }

  #check(environment: ContestEnvironment, meters: MeterChecks): void {
    const place = environment.firstNotANumber();
    if (place !== null) complain('not a number', place);
    meters.check(complain);
    checkCluster(environment.cluster, complain);
    checkCounts(environment.cluster, complain);
    checkContest(environment, complain);
  }

  /** Goes back to the snapshot and plays the steps since then once more. */
  #playAgain(environment: ContestEnvironment): void {
    const { snapshotStep } = this.#case;
    if (this.#snapshot === undefined) return;
    const end = environment.snapshot();
    environment.restore({ state: this.#snapshot });
    this.#snapshot = undefined;
    for (let step = snapshotStep; step < this.#moves.length; step += 1) {
      const move = this.#moves[step]!;
      applyEffects(environment, move);
      environment.advance(move.chaos, move.order);
      if (environment.stateHash() === this.#hashes[step + 1]) continue;
      complain('restored snapshot', `step ${step}, from a snapshot of step ${snapshotStep}, ends in another state`);
    }
    environment.restore(end);
  }

  /** What must not change anything: refused choices, look-aheads; and legal choices that are not played on. */
  #tryThings(environment: ContestEnvironment): void {
    if (!this.#tries.chance(TRIED_RATIO)) return;
    const before = environment.stateHash();
    const start = environment.snapshot();
    this.#tryIllegal(environment);
    if (environment.lookAhead !== undefined) {
      const candidates = environment.lookAhead.candidates('order');
      environment.lookAhead.rollout({ role: 'order', choices: [this.#tries.one(candidates)], steps: 2, seed: 1 });
    }
    if (environment.stateHash() !== before)
      complain('look-ahead', 'a look-ahead or a refused choice changed the state');
    for (const role of ['chaos', 'order'] as const) {
      const choice = this.#tries.one(legalChoices(environment.observations[role].mask));
      environment.advance(role === 'chaos' ? choice : NO_OP, role === 'order' ? choice : NO_OP);
      environment.restore(start);
    }
    if (environment.stateHash() !== before) complain('restored snapshot', 'a restored state has another hash');
  }

  #tryIllegal(environment: ContestEnvironment): void {
    const { mask } = environment.observations.chaos;
    const illegal = this.#tries.whole(0, mask.length - 1);
    if (mask[illegal] === 1) return;
    try {
      environment.advance(illegal, NO_OP);
    } catch (error) {
      if (error instanceof DeeplOpsError && error.code === 'ACTION_INVALID') return;
      throw error;
    }
    complain('masks', `chaos was allowed the illegal choice ${illegal}`);
  }

  /** The one place that takes in every error, bugs included: finding them is what the fuzz is for. */
  #caught(run: () => void): FuzzOutcome['failure'] {
    try {
      run();
      return null;
    } catch (error) {
      if (error instanceof Failed) return this.#failure(error.complaint, this.#moves.length);
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      const place = stack?.split('\n').find((line) => /^\s+at /.test(line) && !line.includes('assert.')) ?? '';
      return this.#failure({ check: `${name}: ${message}`, what: place.trim() }, this.#moves.length);
    }
  }

  #failure({ check, what }: Complaint, step: number): FuzzOutcome['failure'] {
    return { engine: this.#case.engine, seed: this.#case.seed, step, check, what };
  }
}

function onlyLegal(
  { observations }: ContestEnvironment,
  { chaos, order }: Pick<FuzzStep, 'chaos' | 'order'>,
): Pick<FuzzStep, 'chaos' | 'order'> {
  return {
    chaos: observations.chaos.mask[chaos] === 1 ? chaos : NO_OP,
    order: observations.order.mask[order] === 1 ? order : NO_OP,
  };
}
