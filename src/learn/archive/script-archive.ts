/**
 * The failure scripts of one scenario that were hard but solvable, and the rule by which they come and go:
 *
 * - A script enters *on trial*: the faults of an episode that was left broken, or a mutation of a kept script.
 * - It is played `trials` times by the learner (twice as often if a look-ahead found its loss mostly avoidable). Repaired
 *   every time, it is dropped as easy; never, as hopeless; else it is *kept*. Faults that never became legal are left out.
 * - Kept scripts are drawn in proportion to their learnability p(1-p), p being the learner's success rate with older
 *   plays weighing less. One whose learnability falls below `learnabilityMin` is dropped: it has become easy, or hopeless.
 * - When all places are taken, a script that comes from its trial replaces the least learnable one if it is more so itself.
 */

import { assert, type RandomStream } from '../../base/index.ts';
import type { ArchiveSettings } from '../train-settings.ts';
import type { FailureScript } from './failure-script.ts';
import { scriptKey } from './mutate-script.ts';

/** A look-ahead that finds at least this share of the loss avoidable speaks for a script. */
export const AVOIDABLE_MIN = 0.5;

/** A script of the archive with its record; plain data for a checkpoint. */
export interface ArchivedScript {
  readonly serial: number;
  faults: FailureScript;
  readonly origin: 'found' | 'mutated';
  /** Serials of the scripts it was made from. */
  readonly parents: readonly number[];
  /** Mutations since an episode. */
  readonly generation: number;
  /** Iteration in which it entered. */
  readonly iteration: number;
  readonly trials: number;
  kept: boolean;
  plays: number;
  repaired: number;
  /** The same with older plays weighing less. */
  recentPlays: number;
  recentRepaired: number;
  /** Seed of the last episode in which it was left broken. */
  seed: number | null;
  /** By fault: whether it was ever legal when its time had come. */
  started: boolean[];
}

/** What became of all scripts so far. */
export interface ArchiveTotals {
  found: number;
  mutated: number;
  kept: number;
  easy: number;
  hopeless: number;
  displaced: number;
}

/** A script that wants to enter. */
export interface NewScript
  extends Pick<ArchivedScript, 'serial' | 'faults' | 'origin' | 'parents' | 'generation' | 'iteration' | 'seed'> {
  readonly avoidable: number | undefined;
}

/** How a script fared in an episode. */
export interface ScriptPlay {
  readonly serial: number;
  readonly success: number;
  readonly seed: number;
  /** What was broken in fact. */
  readonly faults: FailureScript;
}

/** One scenario's archive; plain data for a checkpoint. */
export interface ScriptArchiveState {
  /** By place; null where it is free. */
  readonly places: (ArchivedScript | null)[];
  readonly totals: ArchiveTotals;
}

/** The learner's success rate on a script; a half before any play. */
export function successRate({ recentPlays, recentRepaired }: ArchivedScript): number {
  return (recentRepaired + 0.5) / (recentPlays + 1);
}

/** How much there is to learn from a script: most where the learner succeeds half of the time. */
export function learnability(script: ArchivedScript): number {
  const rate = successRate(script);
  return rate * (1 - rate);
}

/** The scripts of one scenario. */
export class ScriptArchive {
  readonly #settings: ArchiveSettings;
  #state: ScriptArchiveState;

  constructor(settings: ArchiveSettings) {
    this.#settings = settings;
    const places = new Array<null>(placesPerScenario(settings)).fill(null);
    this.#state = { places, totals: { found: 0, mutated: 0, kept: 0, easy: 0, hopeless: 0, displaced: 0 } };
  }

  /** By place. */
  get places(): readonly (ArchivedScript | null)[] {
    return this.#state.places;
  }

  get totals(): Readonly<ArchiveTotals> {
    return this.#state.totals;
  }

  get kept(): ArchivedScript[] {
    return this.#all().filter(({ kept }) => kept);
  }

  get onTrial(): ArchivedScript[] {
    return this.#all().filter(({ kept }) => !kept);
  }

  /** Whether another script can be taken on trial. */
  get hasRoom(): boolean {
    return this.onTrial.length < this.#settings.candidates;
  }

  /** Takes a script on trial; false when it is empty, too long or here already. */
  admit({ avoidable, ...script }: NewScript): boolean {
    const { faults, origin } = script;
    assert(this.hasRoom, 'a script is only taken on trial where there is room');
    if (faults.length === 0 || faults.length > this.#settings.faultsMax || this.#knows(script)) return false;
    const trials = this.#settings.trials * (avoidable !== undefined && avoidable >= AVOIDABLE_MIN ? 2 : 1);
    const record = { kept: false, plays: 0, repaired: 0, recentPlays: 0, recentRepaired: 0 };
    const started = faults.map(() => false);
    this.#state.places[this.#state.places.indexOf(null)] = { ...script, ...record, trials, started };
    this.#state.totals[origin] += 1;
    return true;
  }

  /** Notes an episode that played a script, and applies the rule. A script that is gone meanwhile is past caring. */
  record({ serial, success, seed, faults }: ScriptPlay): void {
    const script = this.#all().find((each) => each.serial === serial);
    if (script === undefined) return;
    const decay = this.#settings.recordDecay;
    script.plays += 1;
    script.repaired += success;
    script.recentPlays = script.recentPlays * decay + 1;
    script.recentRepaired = script.recentRepaired * decay + success;
    if (success < 0.5) script.seed = seed;
    if (script.kept) {
      if (learnability(script) < this.#settings.learnabilityMin) this.#drop(script);
      return;
    }
    noteStarted(script, faults);
    if (script.plays >= this.#settings.trials) this.#judge(script);
  }

  /** What each place gets of the archive's share. Trials never get more than theirs: most finds turn out hopeless. */
  weights(): number[] {
    const { kept, onTrial } = this;
    const { trialRatio } = this.#settings;
    const total = kept.reduce((sum, script) => sum + learnability(script), 0);
    const keptRatio = onTrial.length === 0 ? 1 : 1 - trialRatio;
    return this.#state.places.map((script) => {
      if (script === null) return 0;
      return script.kept ? (keptRatio * learnability(script)) / total : trialRatio / onTrial.length;
    });
  }

  /** A kept script, drawn in proportion to learnability; undefined when there is none. */
  draw(stream: RandomStream): ArchivedScript | undefined {
    const { kept } = this;
    let left = stream.uniform() * kept.reduce((sum, script) => sum + learnability(script), 0);
    for (const script of kept) {
      left -= learnability(script);
      if (left < 0) return script;
    }
    return kept.at(-1);
  }

  save(): ScriptArchiveState {
    return structuredClone(this.#state);
  }

  load(state: ScriptArchiveState): void {
    this.#state = structuredClone(state);
  }

  #all(): ArchivedScript[] {
    return this.#state.places.filter((script) => script !== null);
  }

  /** A mutation counts as known when it is the same to the step; an episode, when it broke the same in the same order. */
  #knows({ faults, origin }: Pick<ArchivedScript, 'faults' | 'origin'>): boolean {
    const key = origin === 'found' ? orderKey : scriptKey;
    const wanted = key(faults);
    return this.#all().some((script) => key(script.faults) === wanted);
  }

  /** The end of a trial. */
  #judge(script: ArchivedScript): void {
    const never = script.repaired === 0;
    if (never && script.plays < script.trials) return;
    if (never || script.repaired === script.plays || !script.started.includes(true)) {
      this.#drop(script);
      return;
    }
    script.faults = script.faults.filter((_, index) => script.started[index]);
    if (!this.#makeRoomFor(script)) return;
    script.kept = true;
    this.#state.totals.kept += 1;
  }

  /** Removes the least learnable of the kept scripts and this one, if there are too many; false when it was this one. */
  #makeRoomFor(script: ArchivedScript): boolean {
    const { kept } = this;
    if (kept.length < this.#settings.capacity) return true;
    const loser = kept.reduce((least, other) => (learnability(other) < learnability(least) ? other : least), script);
    this.#state.totals.displaced += 1;
    this.#remove(loser);
    return loser !== script;
  }

  #drop(script: ArchivedScript): void {
    this.#state.totals[successRate(script) > 0.5 ? 'easy' : 'hopeless'] += 1;
    this.#remove(script);
  }

  #remove(script: ArchivedScript): void {
    this.#state.places[this.#state.places.indexOf(script)] = null;
  }
}

/** Places that a scenario's archive has: those of kept scripts, and of scripts on trial. */
export function placesPerScenario({ capacity, candidates }: ArchiveSettings): number {
  return capacity + candidates;
}

/** What was broken, in order, whenever it was. */
function orderKey(script: FailureScript): string {
  return script.map(({ choice }) => choice).join(' ');
}

/** Each fault that was played stands for the first of its kind in the script that was due. */
function noteStarted(script: ArchivedScript, played: FailureScript): void {
  const left = [...played];
  for (const [index, fault] of script.faults.entries()) {
    const at = left.findIndex(({ step, choice }) => choice === fault.choice && step >= fault.step);
    if (at < 0) continue;
    left.splice(at, 1);
    script.started[index] = true;
  }
}
