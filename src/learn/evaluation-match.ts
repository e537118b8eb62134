/**
 * Matches of an evaluation as numbers in shared memory: who sits in each role's seat, on which held-out seed. A seat holds
 * a slot of the role's weights (0 and up), or a scripted opponent of the panel (-1 and down).
 */

import { RandomStream } from '../base/index.ts';
import type { OpponentEntry } from './league.ts';
import type { SharedRun } from './shared-run.ts';
import type { EvaluationSettings } from './train-settings.ts';

/** One episode to be played. */
export interface Match {
  /** By role; see `scriptSeat` for what is below zero. */
  readonly seats: readonly number[];
  readonly seed: number;
}

/** The seat of the scripted opponent at this position of the panel's list. */
export function scriptSeat(position: number): number {
  return -1 - position;
}

/** What sits there, as the league names it. */
export function seatEntry(seat: number, scripts: readonly string[]): OpponentEntry {
  if (seat < 0) return { kind: 'script', name: scripts[-1 - seat]! };
  return seat === 0 ? { kind: 'latest' } : { kind: 'past', slot: seat - 1 };
}

/** Writes matches for the workers. */
export function writeMatches({ evaluation }: SharedRun, matches: readonly Match[], roles: number): void {
  for (const [index, { seats, seed }] of matches.entries()) {
    evaluation.matches.set([...seats, seed], index * (roles + 1));
  }
}

/** Reads one of them. */
export function readMatch({ evaluation }: SharedRun, index: number, roles: number): Match {
  const at = index * (roles + 1);
  const row = evaluation.matches.subarray(at, at + roles + 1);
  return { seats: [...row.subarray(0, roles)], seed: row[roles]! >>> 0 };
}

/** Seeds of the panel's episodes: no run trains on them, and every run of the same settings is judged by them. */
export function heldOutSeeds({ episodes, seed }: EvaluationSettings): readonly number[] {
  const stream = new RandomStream(seed, 'held-out seeds');
  const seeds = new Set<number>();
  while (seeds.size < episodes) seeds.add(stream.uint32());
  return [...seeds];
}

/** The next seed of a stream that is not held out. */
export function trainingSeed(stream: RandomStream, heldOut: ReadonlySet<number>): number {
  let seed = stream.uint32();
  while (heldOut.has(seed)) seed = stream.uint32();
  return seed;
}
