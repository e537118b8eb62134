/**
 * The occupancy curve g_c(n): the utilisation at which a queue with c servers holds n requests on average. Inverted
 * numerically once and tabulated over u = n / (n + c), so that the fluid's equilibrium is the M/M/c queue's.
 */

import { assert } from '../../base/index.ts';
import { meanInSystem, type QueueShape } from './erlang.ts';

/** Cells of a tabulated curve over u from 0 to 1; a row holds one value more. */
export const CURVE_CELLS = 1024;
const ROW_LENGTH: number = CURVE_CELLS + 1;

/** Counts of servers up to here have a row each; above, rows are a ninth apart and interpolated. */
const DENSE_SERVERS = 16;
/** Above this the curve hardly changes in u any more. */
const SERVERS_MAX = 512;
const NEWTON_STEPS_MAX = 60;

/** Curves for one set of server counts and every queue factor asked for. */
export interface OccupancyCurves {
  /** All rows, one after another. */
  readonly values: Float64Array;
  /** Server counts of the rows of one queue factor, ascending. */
  readonly servers: Float64Array;
  /** Index into `servers` of the largest count not above a whole number. */
  readonly rowBelow: Int32Array;
  /** Position in `values` of the first row of a queue factor. */
  readonly firstRow: ReadonlyMap<number, number>;
}

/** Length of a row in `values`. */
export const CURVE_ROW_LENGTH: number = ROW_LENGTH;

/**
 * Tabulates the curves that queues with up to these many servers need: those of `queueFactors` to the last digit, those
 * of `otherFactors` by rescaling them.
 */
export function occupancyCurves(
  workers: readonly number[],
  queueFactors: readonly number[],
  otherFactors: readonly number[] = [],
): OccupancyCurves {
  const servers = serverCounts(workers);
  const exact = [...new Set(queueFactors)];
  const factors = [...new Set([...exact, ...otherFactors])];
  const values = new Float64Array(factors.length * servers.length * ROW_LENGTH);
  const firstRow = new Map<number, number>();
  factors.forEach((queueFactor, factorIndex) => {
    firstRow.set(queueFactor, factorIndex * servers.length * ROW_LENGTH);
    servers.forEach((count, index) => {
      const from = (factorIndex * servers.length + index) * ROW_LENGTH;
      const row = values.subarray(from, from + ROW_LENGTH);
      if (factorIndex < exact.length) fillRow(row, { servers: count, queueFactor });
      else rescaleRow(row, values.subarray(index * ROW_LENGTH, (index + 1) * ROW_LENGTH), queueFactor / exact[0]!);
    });
  });
  return { values, servers: Float64Array.from(servers), rowBelow: rowsBelow(servers), firstRow };
}

/** The curve whose waiting part is `ratio` times that of another with as many servers; numbers are per server. */
function rescaleRow(row: Float64Array, other: Float64Array, ratio: number): void {
  let cell = 0;
  let below = 0;
  let above = 0;
  for (let target = 1; target < CURVE_CELLS; target += 1) {
    const inSystem = target / (CURVE_CELLS - target);
    while (above < inSystem && cell + 1 < CURVE_CELLS) {
      cell += 1;
      below = above;
      const here = cell / (CURVE_CELLS - cell);
      above = other[cell]! + ratio * (here - other[cell]!);
    }
    const low = other[cell - 1]!;
    const high = other[cell]!;
    // Beyond the last cell, idleness falls like one over the number that wait.
    row[target] =
      above < inSystem
        ? 1 - ((1 - high) * above) / inSystem
        : low + ((high - low) * (inSystem - below)) / (above - below);
  }
  row[CURVE_CELLS] = 1;
}

function serverCounts(workers: readonly number[]): number[] {
  const bounded = workers.map((count) => Math.min(SERVERS_MAX, count));
  const most = Math.max(...bounded);
  const counts = new Set(bounded);
  for (let count = 1; count < most; count += count < DENSE_SERVERS ? 1 : Math.ceil(count / 9)) counts.add(count);
  return [...counts].sort((a, b) => a - b);
}

function rowsBelow(servers: readonly number[]): Int32Array {
  const result = new Int32Array(servers.at(-1)! + 1);
  let row = 0;
  for (let count = 0; count < result.length; count += 1) {
    while (row + 1 < servers.length && servers[row + 1]! <= count) row += 1;
    result[count] = row;
  }
  return result;
}

function fillRow(row: Float64Array, shape: QueueShape): void {
  let odds = 0;
  for (let cell = 1; cell < CURVE_CELLS; cell += 1) {
    const inSystem = (shape.servers * cell) / (CURVE_CELLS - cell);
    // Without waiting the servers would be this busy; with it they are less so.
    const withoutWaiting = inSystem / (shape.servers - inSystem);
    odds = oddsOf(shape, inSystem, 4 * cell < CURVE_CELLS ? withoutWaiting : odds);
    row[cell] = odds / (1 + odds);
  }
  row[CURVE_CELLS] = 1;
}

/** Newton's method from a value nearby. */
function oddsOf(shape: QueueShape, inSystem: number, start: number): number {
  let odds = start;
  for (let step = 0; step < NEWTON_STEPS_MAX; step += 1) {
    const { value, slope } = meanInSystem(shape, odds);
    const change = (inSystem - value) / slope;
    // Halving keeps a step over the bend from leaving the positive side.
    odds = Math.max(odds + change, odds / 2);
    if (Math.abs(change) <= 1e-8 * odds) return odds;
  }
  const residual = Math.abs(meanInSystem(shape, odds).value / inSystem - 1);
  assert(residual < 1e-9, 'the occupancy curve has an inverse');
  return odds;
}
