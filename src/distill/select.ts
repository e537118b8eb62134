/** Chooses among rules by what they repair: many play a little, the better ones more (successive halving). */

import { assert } from '../base/index.ts';
import type { RuleSet } from '../decide/index.ts';
import type { Verdict } from '../environment/index.ts';
import { createRulesPolicy } from '../policies/index.ts';
import type { EpisodePlan } from './contest-table.ts';
import { playAll, scoreOf } from './measure.ts';
import type { DistillSettings } from './settings.ts';

/** Rules that might be kept, and how they did in selection so far. */
export interface Candidate {
  readonly rules: RuleSet;
  readonly leaves: number;
  readonly repairWeight: number;
  readonly round: number;
  readonly verdicts: readonly Verdict[];
}

/** Plays the stages, all who are left the same episodes; yields behind each episode. The candidates come back best first. */
export function* selectCandidate(
  candidates: readonly Candidate[],
  options: {
    /** Episodes of each stage. */
    readonly stages: readonly number[];
    plan(count: number, from: number): readonly EpisodePlan[];
  },
): Generator<void, readonly [Candidate, ...Candidate[]]> {
  const dropped: Candidate[] = [];
  let left = [...candidates];
  let from = 0;
  for (const [stage, count] of options.stages.entries()) {
    const plans = options.plan(count, from);
    from += count;
    dropped.unshift(...left.splice(sizeOf(stage, candidates.length)));
    const tried: Candidate[] = [];
    for (const candidate of left) {
      const more = yield* playAll(createRulesPolicy(candidate.rules), plans);
      tried.push({ ...candidate, verdicts: [...candidate.verdicts, ...more] });
    }
    left = tried.sort(byMerit);
  }
  const [kept, ...others] = left;
  assert(kept !== undefined, 'there is at least one candidate');
  return [kept, ...others, ...dropped];
}

/** Episodes all stages take together. */
export function selectionEpisodesOf({ selectionEpisodes }: DistillSettings, candidates: number): number {
  return selectionEpisodes.reduce((sum, count, stage) => sum + count * sizeOf(stage, candidates), 0);
}

/** How many take part in a stage. */
function sizeOf(stage: number, candidates: number): number {
  return Math.max(1, Math.ceil(candidates / 2 ** stage));
}

/** More episodes repaired first, then fewer false repairs, then the higher return. */
function byMerit(a: Candidate, b: Candidate): number {
  const [one, other] = [scoreOf(a.verdicts), scoreOf(b.verdicts)];
  if (one.repaired !== other.repaired) return other.repaired - one.repaired;
  if (one.falseRepairs !== other.falseRepairs) return one.falseRepairs - other.falseRepairs;
  return other.meanReturn.value - one.meanReturn.value;
}
