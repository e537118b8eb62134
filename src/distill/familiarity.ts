/** Condenses the situations of training into typical rows, and measures on other situations how far off is too far. */

import { assert, quantile } from '../base/index.ts';
import type { Observation, RoleSpec, Topology } from '../contract/index.ts';
import { CLUSTER_KIND, type FamiliarKind, type FamiliarSituations, nearestRow } from '../decide/index.ts';
import type { Samples } from './samples.ts';

const ROWS_MAX = 64;
/** Features are compared on at least this scale: those that hardly varied would count for too much. */
const SCALE_MIN = 0.02;
const DIGITS = 4;
/** Components of unseen situations that may lie beyond the limit of their kind. */
const DISTANCE_QUANTILE = 0.999;
/** Unseen situations that are not called strange, of all and of those with something to repair. */
const STRANGENESS_QUANTILE = 0.995;

/** Columns of the samples that one kind is compared by. */
export interface KindColumns {
  readonly kind: string;
  readonly samples: Samples;
  readonly columns: readonly { readonly name: string; readonly column: number }[];
}

/** Typical rows of a kind: the middle one, then always the sample farthest from all taken so far. */
export function typicalRows({ samples, columns }: KindColumns): Omit<FamiliarKind, 'distanceLimit'> {
  assert(samples.count > 0, 'there are situations to choose from');
  const table = columns.map(({ column }) => columnOf(samples, column));
  const scales = table.map((values) => Math.max(SCALE_MIN, deviation(values, samples)));
  const usual = table.map((values) => weightedMedian(values, samples));
  const chosen = farthestRows(table, { scales, first: nearestTo(table, scales, usual) });
  return {
    features: columns.map(({ name }) => name),
    scales: scales.map(short),
    usual: usual.map(short),
    weights: shares(chosen.owner, samples, chosen.rows.length).map(short),
    rows: chosen.rows.map((row) => table.map((values) => short(values[row] ?? 0))),
  };
}

/** Kind and distance of each component of a situation. */
type Places = readonly (readonly [string, number])[];

/** A situation, and what it is measured for. */
export interface GaugedSituation {
  readonly observation: Observation;
  readonly spec: RoleSpec;
  readonly topology: Topology;
  /** One of all situations that there are, evenly drawn. */
  readonly drawn: boolean;
  /** There is something to repair. */
  readonly inNeed: boolean;
}

/** Gathers distances of unseen situations, component by component, and sets the limits by them. */
export class StrangenessGauge {
  readonly #kinds: ReadonlyMap<string, FamiliarKind>;
  readonly #distances: Map<string, number[]> = new Map();
  readonly #situations: Places[] = [];
  readonly #inNeed: Places[] = [];

  constructor(rows: ReadonlyMap<string, Omit<FamiliarKind, 'distanceLimit'>>) {
    this.#kinds = new Map([...rows].map(([kind, row]) => [kind, { ...row, distanceLimit: 1 }]));
  }

  add({ observation, spec, topology, drawn, inNeed }: GaugedSituation): void {
    if (!drawn && !inNeed) return;
    const places = this.#placesOf(observation, spec, topology);
    if (inNeed) this.#inNeed.push(places);
    if (!drawn) return;
    for (const [kind, distance] of places) {
      const list = this.#distances.get(kind);
      if (list) list.push(distance);
      else this.#distances.set(kind, [distance]);
    }
    this.#situations.push(places);
  }

  situations(): FamiliarSituations {
    const limits = new Map(
      [...this.#distances].map(([kind, list]) => [kind, Math.max(1e-3, quantile(list, DISTANCE_QUANTILE))]),
    );
    const strangenessOf = (places: Places): number =>
      Math.max(...places.map(([kind, distance]) => distance / (limits.get(kind) ?? 1)));
    const strangeness = this.#situations.map(strangenessOf);
    // Troubles are rare and lie far out: a limit set by all situations alone would be silent just when asked for help.
    const bounds = [strangeness, this.#inNeed.map(strangenessOf)].filter((values) => values.length > 0);
    const strangenessMax = Math.max(1, ...bounds.map((values) => quantile(values, STRANGENESS_QUANTILE)));
    const kinds = [...this.#kinds].map(([kind, rows]) => [
      kind,
      { ...rows, distanceLimit: short(limits.get(kind) ?? 1) },
    ]);
    return {
      kinds: Object.fromEntries(kinds),
      strangenessMax: short(strangenessMax),
      falseAlarmRatio: strangeness.filter((value) => value > strangenessMax).length / strangeness.length,
    };
  }

  #placesOf({ components, cluster }: Observation, spec: RoleSpec, topology: Topology): Places {
    const { componentFeatures, clusterFeatures } = spec.observation;
    const places = topology.components.map(({ kind }, id): readonly [string, number] => {
      const at = id * componentFeatures.length;
      const known = valuesByName(componentFeatures, components.subarray(at, at + componentFeatures.length));
      return [kind, this.#distance(kind, known)];
    });
    return [...places, [CLUSTER_KIND, this.#distance(CLUSTER_KIND, valuesByName(clusterFeatures, cluster))]];
  }

  #distance(kind: string, known: (feature: string) => number | undefined): number {
    const rows = this.#kinds.get(kind);
    // The age of a sample is judged by itself.
    return rows === undefined
      ? 0
      : nearestRow(rows, (name) => (name === 'signalAge' ? undefined : known(name))).distance;
  }
}

function valuesByName(features: readonly { readonly name: string }[], values: Float32Array) {
  const byName = new Map(features.map(({ name }, index) => [name, values[index]]));
  return (name: string): number | undefined => byName.get(name);
}

function columnOf({ features, width, count }: Samples, column: number): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => features[row * width + column] ?? 0);
}

function deviation(values: Float64Array, { copies }: Samples): number {
  let [total, sum, squares] = [0, 0, 0];
  values.forEach((value, row) => {
    const weight = copies[row] ?? 1;
    total += weight;
    sum += weight * value;
    squares += weight * value * value;
  });
  const mean = sum / total;
  return Math.sqrt(Math.max(0, squares / total - mean * mean));
}

function weightedMedian(values: Float64Array, { copies }: Samples): number {
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const total = order.reduce((sum, row) => sum + (copies[row] ?? 1), 0);
  let left = total / 2;
  const middle = order.find((row) => {
    left -= copies[row] ?? 1;
    return left <= 0;
  });
  return values[middle ?? 0] ?? 0;
}

function nearestTo(table: readonly Float64Array[], scales: readonly number[], point: readonly number[]): number {
  const distances = squaresTo(table, scales, point);
  return distances.indexOf(distances.reduce((least, distance) => Math.min(least, distance), Number.POSITIVE_INFINITY));
}

/** Rows spread over all there are, and for each sample the chosen row it lies nearest to. */
function farthestRows(
  table: readonly Float64Array[],
  { scales, first }: { readonly scales: readonly number[]; readonly first: number },
): { readonly rows: readonly number[]; readonly owner: Uint8Array } {
  const count = table[0]?.length ?? 0;
  const rows: number[] = [];
  const owner = new Uint8Array(count);
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let next = first; rows.length < ROWS_MAX; ) {
    const distances = squaresTo(
      table,
      scales,
      table.map((values) => values[next] ?? 0),
    );
    let farthest = 0;
    for (let row = 0; row < count; row += 1) {
      if ((distances[row] ?? 0) < (nearest[row] ?? 0)) {
        nearest[row] = distances[row] ?? 0;
        owner[row] = rows.length;
      }
      if ((nearest[row] ?? 0) > (nearest[farthest] ?? 0)) farthest = row;
    }
    rows.push(next);
    if ((nearest[farthest] ?? 0) === 0) break;
    next = farthest;
  }
  return { rows, owner };
}

function squaresTo(table: readonly Float64Array[], scales: readonly number[], point: readonly number[]): Float64Array {
  const squares = new Float64Array(table[0]?.length ?? 0);
  table.forEach((values, feature) => {
    const [scale, own] = [scales[feature] ?? 1, point[feature] ?? 0];
    for (let row = 0; row < squares.length; row += 1) {
      const difference = ((values[row] ?? 0) - own) / scale;
      squares[row] = (squares[row] ?? 0) + difference * difference;
    }
  });
  return squares;
}

function shares(owner: Uint8Array, { copies }: Samples, rows: number): number[] {
  const weights = new Array<number>(rows).fill(0);
  owner.forEach((row, sample) => {
    weights[row] = (weights[row] ?? 0) + (copies[sample] ?? 1);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
