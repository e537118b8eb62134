/** One line of the validation tables: what was expected, what was measured, and whether that is good enough. */

import type { Measurement } from './theory/simulation.ts';

/**
 * `holds`; `known limit` = off by more than the gate but no more than a reviewed limit says; `noted` = no gate;
 * `fails` = anything else.
 */
export type Verdict = 'holds' | 'known limit' | 'noted' | 'fails';

/** One quantity of one system. */
export interface CheckLine {
  /** Which table it belongs to. */
  readonly section: 'theory' | 'hard cases' | 'engines';
  /** Number in the reference table, or the kind of case. */
  readonly row: string;
  readonly title: string;
  readonly engine: string;
  readonly quantity: string;
  readonly expected: number;
  readonly measured: number;
  /** Null where there are no dice. */
  readonly standardError: number | null;
  /** Measured over expected, less 1; the plain difference where nothing is expected to happen. */
  readonly deviation: number;
  readonly verdict: Verdict;
  /** Why, where the verdict alone does not say it. */
  readonly note: string;
}

/** Standard errors a measurement may be away from theory. */
export const ERRORS_MAX = 3.3;

/** What a measured quantity is held against. */
export interface Gate {
  readonly theory: number;
  readonly scale?: number;
  /** Allowed relative deviation beside the standard errors. */
  readonly tolerance: number;
  /** Greatest standard error over scale that still counts as measured. */
  readonly errorMax: number;
}

/** Whether a measurement agrees with theory, and if not, why. */
export function judge({ mean, standardError }: Measurement, gate: Gate): { verdict: Verdict; note: string } {
  const scale = Math.abs(gate.scale ?? gate.theory);
  const error = Number.isFinite(standardError) ? standardError : 0;
  const difference = Math.abs(mean - gate.theory);
  const allowed = gate.tolerance * scale + ERRORS_MAX * error;
  if (!(error <= gate.errorMax * scale)) {
    return { verdict: 'fails', note: `standard error above ${percent(gate.errorMax)}` };
  }
  if (difference <= allowed) return { verdict: 'holds', note: '' };
  const note = error > 0 ? `${(difference / error).toFixed(1)} standard errors away` : 'outside its tolerance';
  return { verdict: 'fails', note };
}

/** Relative deviation, or the plain one from an expected zero. */
export function deviationOf(measured: number, expected: number): number {
  return expected === 0 ? measured : measured / expected - 1;
}

/** A ratio in per cent, with up to two decimals. */
export function percent(ratio: number): string {
  return `${Number((100 * ratio).toFixed(2))} %`;
}
