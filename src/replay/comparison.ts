/** Two order agents on the same faults: where they first chose differently, and how it went for each. */

import type { Verdict } from '../environment/index.ts';
import type { RecordedStep } from './recording.ts';

/** A step of an episode, as far as comparing needs it. */
export type ComparedStep = Pick<RecordedStep, 'step' | 'actions' | 'info'>;

/** One of the two episodes. */
export interface ComparedEpisode {
  readonly steps: readonly ComparedStep[];
}

/** What was chosen at a step of either episode: in words, `-` for nothing, null where that one was over or cut off. */
export interface ChoicePair {
  readonly step: number;
  /** When it was chosen, counted from the beginning of the contest. */
  readonly timeSeconds: number;
  readonly chaos: readonly [string | null, string | null];
  readonly order: readonly [string | null, string | null];
}

/** The first step at which order chose differently, and the choices around it. */
export interface FirstDifference extends ChoicePair {
  /** The steps nearby at which anybody did something, and this one, in order. */
  readonly around: readonly ChoicePair[];
}

const TOLD_BEFORE = 3;
const TOLD_AFTER = 5;

/** Null where they never chose differently. */
export function firstDifference(one: ComparedEpisode, other: ComparedEpisode): FirstDifference | null {
  const shared = Math.min(one.steps.length, other.steps.length);
  for (let index = 0; index < shared; index += 1) {
    const pair = pairAt(one, other, index);
    if (pair.order[0] !== pair.order[1]) return { ...pair, around: around(one, other, index) };
  }
  return null;
}

function around(one: ComparedEpisode, other: ComparedEpisode, index: number): ChoicePair[] {
  const count = Math.max(one.steps.length, other.steps.length);
  const pairs = Array.from({ length: count }, (_, at) => pairAt(one, other, at));
  const acting = ({ chaos, order }: ChoicePair) =>
    [...chaos, ...order].some((choice) => choice !== null && choice !== '-');
  const before = pairs.slice(0, index).filter(acting).slice(-TOLD_BEFORE);
  const after = pairs
    .slice(index + 1)
    .filter(acting)
    .slice(0, TOLD_AFTER);
  return [...before, ...pairs.slice(index, index + 1), ...after];
}

function pairAt(one: ComparedEpisode, other: ComparedEpisode, index: number): ChoicePair {
  const [first, second] = [one.steps[index]?.actions, other.steps[index]?.actions];
  // A choice is made when the step before it has ended.
  const before = one.steps[index - 1] ?? other.steps[index - 1];
  return {
    step: index + 1,
    timeSeconds: before?.info.timeSeconds ?? 0,
    chaos: [first?.chaos ?? null, second?.chaos ?? null],
    order: [first?.order ?? null, second?.order ?? null],
  };
}

/** What a verdict says about the repairing, in the numbers that agents are compared by. */
export interface RepairFigures {
  readonly repaired: boolean;
  readonly shareServed: number;
  readonly brokenSeconds: number;
  /** Mean of the times after which objectives were restored; null = they never were. */
  readonly timeToRepairSeconds: number | null;
  readonly repairs: number;
  /** Those that failed, or that were done though no fault ever started. */
  readonly wrongRepairs: number;
  readonly repairCost: number;
}

/** The figures of one verdict. */
export function repairFigures(verdict: Verdict): RepairFigures {
  const { repaired, availability, brokenSeconds, repairs, repairsFailed, falseRepairs, repairCost } = verdict;
  const times = verdict.timesToRepairSeconds;
  const timeToRepairSeconds = times.length === 0 ? null : times.reduce((sum, each) => sum + each, 0) / times.length;
  const wrongRepairs = Math.min(repairs, repairsFailed + falseRepairs);
  return { repaired, shareServed: availability, brokenSeconds, timeToRepairSeconds, repairs, wrongRepairs, repairCost };
}
