/**
 * Evaluates the agents while they learn and keeps the best weights of each role. An agent and the best one so far are
 * compared on the same panel and the same held-out seeds; when the panel changes, the best one meets the newcomer too.
 * Nothing here touches what is learned.
 */

import { assert } from '../base/index.ts';
import { heldOutSeeds, type Match, scriptSeat, writeMatches } from './evaluation-match.ts';
import { bestSlot, evaluates, panelScripts, panelSlot, takesSnapshots } from './evaluation-panel.ts';
import { type Entrant, type RoleRecord, type Score, scoreOf } from './evaluation-records.ts';
import type { RoleLearner } from './role-learner.ts';
import type { RunDimensions } from './run-dimensions.ts';
import { CONTROL, type SharedRun, versionAt } from './shared-run.ts';
import type { LearningTask } from './task.ts';
import { COMMAND } from './team-member.ts';
import { beginsTrained, type TrainSettings } from './train-settings.ts';

/** What an evaluator works on. */
export interface EvaluatorParts {
  readonly task: LearningTask;
  readonly settings: TrainSettings;
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  readonly learners: readonly RoleLearner[];
  /** Whether a role has learned anything, here or elsewhere. */
  isTrained(role: string): boolean;
  /** Has all workers do a command. */
  run(command: number): Promise<void>;
}

/** How a role fared in an evaluation. */
export interface RoleEvaluation {
  readonly score: Score;
  /** Share of successes by opponent. */
  readonly against: Readonly<Record<string, number>>;
  /** Whether these weights are better than the best before. */
  readonly improved: boolean;
  /** The best weights, these included. */
  readonly best: BestAgent;
}

/** Where a role's best weights come from, and what they were chosen for. */
export interface BestAgent extends Omit<Entrant, 'cells'> {
  readonly score: Score;
  readonly against: Readonly<Record<string, number>>;
}

/** An evaluation by role. */
export type EvaluationReport = Readonly<Record<string, RoleEvaluation>>;

/** What a checkpoint keeps of it; the weights lie among the parameters. */
export interface EvaluatorState {
  evaluations: number;
  /** Iteration of the last one. */
  iteration: number;
  withoutImprovement: number;
  readonly roles: Record<string, RoleRecord>;
}

/** Who sits where, and whose result it is. */
interface Pairing {
  readonly entrant: Entrant;
  readonly role: number;
  readonly opponent: string;
  readonly seats: readonly number[];
}

/** The evaluations of one run. */
export class Evaluator {
  readonly #parts: EvaluatorParts;
  #state: EvaluatorState;

  constructor(parts: EvaluatorParts) {
    const { task, settings } = parts;
    this.#parts = parts;
    const record = (): RoleRecord => ({
      present: null,
      best: null,
      snapshots: new Array<number>(settings.evaluation.snapshots).fill(-1),
    });
    const roles = Object.fromEntries(task.roles.map((role) => [role, record()]));
    this.#state = { evaluations: 0, iteration: 0, withoutImprovement: 0, roles };
  }

  /** Whether the agents are to be evaluated now: at every so many iterations, and when the run is complete. */
  due(iteration: number, done: boolean): boolean {
    if (!evaluates(this.#parts.settings) || iteration === this.#state.iteration) return false;
    return done || iteration % this.#parts.settings.evaluation.everyIterations! === 0;
  }

  /** Whether the run has gone on for long enough without getting better. */
  get plateau(): boolean {
    const { patience } = this.#parts.settings.evaluation;
    return evaluates(this.#parts.settings) && patience !== null && this.#state.withoutImprovement >= patience;
  }

  /** Plays what has not been played yet and keeps what is better. */
  async evaluate(iteration: number, steps: number): Promise<EvaluationReport> {
    const state = this.#state;
    state.evaluations++;
    state.iteration = iteration;
    if (takesSnapshots(state.evaluations)) this.#takeSnapshots(iteration);
    this.#enter(iteration, steps);
    await this.#play(this.#pairings());
    const report: Record<string, RoleEvaluation> = {};
    for (const [role, name] of this.#parts.task.roles.entries()) {
      const evaluation = this.#judge(role);
      if (evaluation !== undefined) report[name] = evaluation;
    }
    const improved = Object.values(report).some((evaluation) => evaluation.improved);
    state.withoutImprovement = improved ? 0 : state.withoutImprovement + 1;
    return report;
  }

  /** A role's best weights so far; undefined before its first evaluation. */
  best(role: string): BestAgent | undefined {
    const { best } = this.#state.roles[role]!;
    if (best === null) return undefined;
    const { cells: _cells, ...origin } = best;
    const score = scoreOf(best, this.#opponents(role));
    assert(score !== undefined, 'the best agent has met the whole panel');
    return { ...origin, score, against: this.#shares(best, role) };
  }

  /** Names of a role's opponents in the panel as it is now. */
  opponentsOf(role: string): readonly string[] {
    return this.#opponents(role);
  }

  save(): EvaluatorState {
    return structuredClone(this.#state);
  }

  load(state: EvaluatorState): void {
    this.#state = structuredClone(state);
    for (const record of Object.values(this.#state.roles)) {
      // As text they have become two.
      if (record.best?.iteration === record.present?.iteration) record.best = record.present;
    }
  }

  /** Roles that know nothing yet are no opponents worth keeping. */
  #takeSnapshots(iteration: number): void {
    const { task, dimensions, isTrained } = this.#parts;
    if (task.roles.length === 1) return;
    for (const [role, name] of task.roles.entries()) {
      const { snapshots } = this.#state.roles[name]!;
      if (!isTrained(name) || snapshots.length === 0) continue;
      const free = snapshots.indexOf(-1);
      const position = free >= 0 ? free : snapshots.indexOf(Math.min(...snapshots));
      snapshots[position] = iteration;
      this.#copyTo(role, panelSlot(dimensions, position));
    }
  }

  /** A role whose weights are those of its last evaluation keeps its results. */
  #enter(iteration: number, steps: number): void {
    const { task, learners, settings } = this.#parts;
    for (const [role, name] of task.roles.entries()) {
      const record = this.#state.roles[name]!;
      const roleSteps = learners[role]!.steps;
      const knowsNothing = roleSteps === 0 && !beginsTrained(settings, name);
      if (knowsNothing || record.present?.roleSteps === roleSteps) continue;
      record.present = { iteration, steps, roleSteps, cells: {} };
    }
  }

  #pairings(): Pairing[] {
    const { task, dimensions } = this.#parts;
    const pairings: Pairing[] = [];
    for (const [role, name] of task.roles.entries()) {
      const { present, best } = this.#state.roles[name]!;
      const add = (entrant: Entrant | null, slot: number): void => {
        for (const [opponent, seat] of this.#panel(name)) {
          if (entrant === null || entrant.cells[opponent] !== undefined) continue;
          const seats = task.roles.map((_, other) => (other === role ? slot : seat));
          pairings.push({ entrant, role, opponent, seats });
        }
      };
      add(present, 0);
      if (best?.iteration !== present?.iteration) add(best, bestSlot(dimensions));
    }
    return pairings;
  }

  async #play(pairings: readonly Pairing[]): Promise<void> {
    const { shared, settings, task, dimensions } = this.#parts;
    if (pairings.length === 0) return;
    const seeds = heldOutSeeds(settings.evaluation);
    const matches = pairings.flatMap(({ seats }) => seeds.map((seed): Match => ({ seats, seed })));
    assert(matches.length <= dimensions.matchesMax, 'an evaluation has no more matches than there is room for');
    writeMatches(shared, matches, task.roles.length);
    shared.control[CONTROL.matches] = matches.length;
    await this.#parts.run(COMMAND.evaluate);
    for (const [index, { entrant, role, opponent }] of pairings.entries()) {
      let successes = 0;
      for (let episode = 0; episode < seeds.length; episode++) {
        const match = index * seeds.length + episode;
        successes += shared.evaluation.results[match * task.roles.length + role]!;
      }
      entrant.cells[opponent] = { successes, episodes: seeds.length };
    }
  }

  /** Of two equally good agents the later one is kept: it has learned from more. */
  #judge(role: number): RoleEvaluation | undefined {
    const name = this.#parts.task.roles[role]!;
    const record = this.#state.roles[name]!;
    const { present, best } = record;
    const opponents = this.#opponents(name);
    const score = present === null ? undefined : scoreOf(present, opponents);
    if (present === null || score === undefined) return undefined;
    const before = best === null ? undefined : scoreOf(best, opponents);
    const improved = before === undefined || score.value > before.value;
    if (before === undefined || score.value >= before.value) {
      record.best = present;
      this.#copyTo(role, bestSlot(this.#parts.dimensions));
    }
    return { score, against: this.#shares(present, name), improved, best: this.best(name)! };
  }

  #shares({ cells }: Entrant, role: string): Record<string, number> {
    const entries = this.#opponents(role).map((name) => [name, cells[name]!] as const);
    return Object.fromEntries(entries.map(([name, { successes, episodes }]) => [name, successes / episodes]));
  }

  #opponents(role: string): readonly string[] {
    return this.#panel(role).map(([name]) => name);
  }

  /** A role's opponents now: their names, and what sits in their seat. */
  #panel(role: string): readonly (readonly [string, number])[] {
    const { task, settings, dimensions } = this.#parts;
    const opponent = task.roles.find((other) => other !== role);
    if (opponent === undefined) return [['alone', 0]];
    const scripts = panelScripts(task, settings, opponent).map((name, at) => [name, scriptSeat(at)] as const);
    const taken = this.#state.roles[opponent]!.snapshots.flatMap((iteration, position) =>
      iteration < 0 ? [] : [[`${opponent}-${iteration}`, panelSlot(dimensions, position)] as const],
    );
    return [...scripts, ...taken.sort(([, one], [, other]) => one - other)];
  }

  #copyTo(role: number, slot: number): void {
    const { learners, shared, dimensions } = this.#parts;
    learners[role]!.snapshotTo(slot);
    Atomics.add(shared.control, versionAt(dimensions, role, slot), 1);
  }
}
