/** Which episodes make up a cold start, in order; the same list for every worker. */

import { RandomStream } from '../../base/index.ts';
import { shuffled } from '../shuffle.ts';
import type { Demonstrations } from './demonstrations.ts';

/** One episode to play for its demonstrations. */
export interface PlannedEpisode {
  /** From 1. In the first, demonstrators play; in later ones the learner does. */
  readonly round: number;
  readonly source: Demonstrations;
  /** Position among the source's episodes of this round. */
  readonly position: number;
  readonly seed: number;
  /** Whether it only measures. */
  readonly heldOut: boolean;
  /** Number among all recordings; undefined for an episode that is played. */
  readonly recording?: number;
}

/** What the plan depends on beside the sources. */
export interface PlanOptions {
  readonly role: string;
  readonly seed: number;
  readonly rounds: number;
  readonly heldOutShare: number;
}

/** All episodes of all rounds; recordings cannot answer a learner's states, so only the first round has them. */
export function planDemonstrations(sources: readonly Demonstrations[], options: PlanOptions): PlannedEpisode[] {
  const plan: PlannedEpisode[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    for (const [index, source] of sources.entries()) {
      if (source.kind === 'played') plan.push(...playedEpisodes(source, round, index, options));
      else if (round === 1) plan.push(...recordedEpisodes(source, index, options));
    }
  }
  let recordings = 0;
  return plan.map((episode) => (episode.source.kind === 'played' ? episode : { ...episode, recording: recordings++ }));
}

function playedEpisodes(
  source: Demonstrations & { kind: 'played' },
  round: number,
  index: number,
  options: PlanOptions,
): PlannedEpisode[] {
  const stream = new RandomStream(options.seed, `demonstrations ${options.role} ${round} ${index}`);
  const heldOut = heldOutPositions(source.episodes, options.heldOutShare, stream);
  return Array.from({ length: source.episodes }, (_, position) => {
    return { round, source, position, seed: stream.uint32(), heldOut: heldOut.has(position) };
  });
}

function recordedEpisodes(
  source: Demonstrations & { kind: 'recorded' },
  index: number,
  options: PlanOptions,
): PlannedEpisode[] {
  const stream = new RandomStream(options.seed, `demonstrations ${options.role} 1 ${index}`);
  const heldOut = heldOutPositions(source.episodes.length, options.heldOutShare, stream);
  return source.episodes.map(({ seed }, position) => {
    return { round: 1, source, position, seed, heldOut: heldOut.has(position) };
  });
}

/** Whole episodes, as neighbouring decisions are too alike to test each other; of two or more, at least one. */
function heldOutPositions(episodes: number, share: number, stream: RandomStream): Set<number> {
  const least = share > 0 && episodes > 1 ? 1 : 0;
  const wanted = Math.min(episodes - 1, Math.max(least, Math.round(share * episodes)));
  const positions = Int32Array.from({ length: episodes }, (_, position) => position);
  return new Set(shuffled(positions, stream).subarray(0, wanted));
}
