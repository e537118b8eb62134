/** Thins a failing episode out: the fewest moves found with which the same check still fails. */

import { NO_OP } from '../../contract/index.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { type PlayedEpisode, playMoves } from './fuzz-episode.ts';
import type { FuzzStep } from './fuzz-step.ts';

const PLAYS_MAX = 150;

type Part = (step: FuzzStep) => FuzzStep;

const parts: readonly Part[] = [
  (step) => ({ ...step, starts: [], ends: [] }),
  (step) => ({ ...step, chaos: NO_OP }),
  (step) => ({ ...step, order: NO_OP }),
];

/** Leaves out whole parts, then halves of the steps, then single steps, as long as the same check fails. */
export function shrink(of: FuzzCase, failed: PlayedEpisode): PlayedEpisode {
  let best = failed;
  let plays = 0;
  const tryWith = (moves: readonly FuzzStep[]): boolean => {
    if (plays >= PLAYS_MAX) return false;
    plays += 1;
    const played = playMoves(of, moves);
    if (played.failure?.check !== failed.failure?.check) return false;
    best = played;
    return true;
  };
  // Some complaints come from tries that are not moves: nothing to thin out then.
  if (!tryWith(failed.moves)) return failed;
  for (const leaveOut of parts) tryWith(best.moves.map(leaveOut));
  for (let length = Math.ceil(best.moves.length / 2); length >= 1; length = length === 1 ? 0 : Math.ceil(length / 2)) {
    for (const leaveOut of parts) {
      for (let from = 0; from < best.moves.length; from += length) {
        const thinner = best.moves.map((step, index) =>
          index >= from && index < from + length ? leaveOut(step) : step,
        );
        if (thinner.some((step, index) => differs(step, best.moves[index]!))) tryWith(thinner);
      }
    }
  }
  return best;
}

function differs(one: FuzzStep, other: FuzzStep): boolean {
  const { chaos, order, starts, ends } = one;
  return (
    chaos !== other.chaos ||
    order !== other.order ||
    starts.length !== other.starts.length ||
    ends.length !== other.ends.length
  );
}
