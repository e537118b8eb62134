/** A curriculum: episodes begin easier than they are meant to be and grow to their full difficulty. */

import type { CurriculumSettings } from './train-settings.ts';

/** Difficulty of episodes that begin after this share of the run's steps. */
export function difficultyAt({ start, fullAt }: CurriculumSettings, share: number): number {
  return share >= fullAt ? 1 : start + (1 - start) * (share / fullAt);
}
