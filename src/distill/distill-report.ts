/** What comes out of making rules. */

import type { Estimate } from '../base/index.ts';
import type { FamiliarSituations, RuleSet } from '../decide/index.ts';
import type { SituationReport } from '../environment/index.ts';
import type { Fidelity, Score } from './measure.ts';
import type { DistillSettings } from './settings.ts';

/** Rules, and how they compare with their network in episodes that neither was made from. */
export interface Distilled {
  readonly rules: RuleSet;
  readonly report: DistillReport;
  /** What situations looked like, and how far off is too far. */
  readonly familiar: FamiliarSituations;
  /** 99.9 % of the samples of training were younger than so many seconds. */
  readonly ageSecondsSeen: number;
  /** Moments of the test episodes in which the network repairs something. */
  readonly situations: readonly SituationReport[];
}

/** How the rules came about and what they are worth; the same test episodes for all three. */
export interface DistillReport {
  readonly settings: DistillSettings;
  readonly seed: number;
  /** Leaves of the trees that the rules come from. */
  readonly leaves: number;
  /** Best first. */
  readonly candidates: readonly CandidateNote[];
  /** Nobody repairs. */
  readonly none: Score;
  readonly network: Score;
  readonly rules: Score;
  /** What the rules repair, of what the network repairs. */
  readonly repairedRatio: Estimate;
  /** What the rules gain over doing nothing, of what the network gains, in mean return. */
  readonly returnShare: Estimate;
  readonly fidelity: Fidelity;
}

/** What a candidate repaired in selection; those that were dropped early played fewer episodes. */
export interface CandidateNote {
  readonly round: number;
  readonly leaves: number;
  readonly repairWeight: number;
  readonly rules: number;
  readonly repaired: number;
  readonly episodes: number;
  readonly kept: boolean;
}
