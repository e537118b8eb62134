/**
 * What the situations of training looked like, condensed: for each kind of component, and for the cluster as a whole, a
 * set of typical rows. It tells how unlike all of them something is, and stands in for what nobody knows.
 */

import { z } from 'zod';

/** Typical rows of one kind of component; `cluster` is the kind of the cluster's own features. */
export interface FamiliarKind {
  /** Features in the order of the values of a row. */
  readonly features: readonly string[];
  /** By feature: differences of this size count as one. */
  readonly scales: readonly number[];
  /** By feature: the middle of all values seen. */
  readonly usual: readonly number[];
  /** How much of training each row stands for. */
  readonly weights: readonly number[];
  readonly rows: readonly (readonly number[])[];
  /** Distance from the nearest row that all but the strangest of unseen situations stay below. */
  readonly distanceLimit: number;
}

/** What stands in `situations.json`. */
export interface FamiliarSituations {
  readonly kinds: Readonly<Record<string, FamiliarKind>>;
  /** A situation is unlike anything seen where a component's distance, of its kind's limit, is above this. */
  readonly strangenessMax: number;
  /** Share of unseen situations of the same contest that this calls strange. */
  readonly falseAlarmRatio: number;
}

const kind: z.ZodType<FamiliarKind> = z.object({
  features: z.array(z.string()),
  scales: z.array(z.number().positive()),
  usual: z.array(z.number()),
  weights: z.array(z.number().min(0)),
  rows: z.array(z.array(z.number())).min(1),
  distanceLimit: z.number().positive(),
});

export const familiarSituationsSchema: z.ZodType<FamiliarSituations> = z.object({
  kinds: z.record(z.string(), kind),
  strangenessMax: z.number().positive(),
  falseAlarmRatio: z.number().min(0).max(1),
});

/** The kind under which the cluster's own features are kept. */
export const CLUSTER_KIND = 'cluster';

/** Of one feature, a difference counts at most so many times its scale: one reading gone wild is not all. */
const DIFFERENCE_MAX = 10;

/** A row at some distance. */
export interface NearRow {
  readonly row: number;
  readonly distance: number;
}

/** The nearest row by the features that `known` tells; root mean square of scaled differences. */
export function nearestRow(kind: FamiliarKind, known: (feature: string) => number | undefined): NearRow {
  let best: NearRow = { row: 0, distance: Number.POSITIVE_INFINITY };
  const values = kind.features.map(known);
  kind.rows.forEach((_, row) => {
    const distance = distanceTo(kind, row, values);
    if (distance < best.distance) best = { row, distance };
  });
  return best;
}

/** Distance to every row by the features that are known; 0 where none is. */
export function distancesTo(kind: FamiliarKind, known: (feature: string) => number | undefined): number[] {
  const values = kind.features.map(known);
  return kind.rows.map((_, row) => distanceTo(kind, row, values));
}

/** The features by which a row differs most from what is known, the strangest first. */
export function strangestFeatures(
  kind: FamiliarKind,
  row: number,
  known: (feature: string) => number | undefined,
): string[] {
  const values = kind.features.map(known);
  return kind.features
    .map((feature, index) => ({ feature, difference: difference(kind, row, { index, value: values[index] }) }))
    .filter((each) => each.difference > 1)
    .sort((a, b) => b.difference - a.difference)
    .map(({ feature }) => feature);
}

function distanceTo(kind: FamiliarKind, row: number, values: readonly (number | undefined)[]): number {
  let [sum, count] = [0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === undefined) continue;
    const one = difference(kind, row, { index, value });
    sum += one * one;
    count += 1;
  }
  return count > 0 ? Math.sqrt(sum / count) : 0;
}

function difference(
  { rows, scales }: FamiliarKind,
  row: number,
  { index, value }: { readonly index: number; readonly value: number | undefined },
): number {
  if (value === undefined) return 0;
  const own = rows[row]?.[index] ?? 0;
  return Math.min(DIFFERENCE_MAX, Math.abs(value - own) / (scales[index] ?? 1));
}
