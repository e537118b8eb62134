/** What the fuzz finds: which check failed, where, and how it can be played again. */

import type { FuzzCase } from './fuzz-case.ts';

/** One thing that does not hold. */
export interface Complaint {
  /** Short and stable: complaints of one check have one cause, as likely as not. */
  readonly check: string;
  readonly what: string;
}

/** Takes complaints in. */
export type Complain = (check: string, what: string) => void;

/** An episode in which something did not hold. */
export interface FuzzFailure extends Complaint {
  readonly engine: FuzzCase['engine'];
  readonly seed: number;
  readonly step: number;
}

/** How an episode went. */
export interface FuzzOutcome {
  readonly steps: number;
  readonly failure: FuzzFailure | null;
}
