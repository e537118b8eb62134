/**
 * Latency as a gamma distribution with the right mean and variance: its tail beyond a time-out, its moments when cut
 * off there, and its 99th percentile, all from tables. For the sojourn time of an M/M/1 queue this is exact.
 */

import { gammaTail } from './incomplete-gamma.ts';

/** Tables run over the coefficient of variation, and over the distance from the mean in standard deviations. */
const ROWS_PER_UNIT = 4;
const VARIATION_MAX = 4;
const CELLS_PER_DEVIATION = 8;
const DISTANCE_MIN = -4;
const DISTANCE_MAX = 16;
const ROWS: number = VARIATION_MAX * ROWS_PER_UNIT + 1;
const CELLS: number = (DISTANCE_MAX - DISTANCE_MIN) * CELLS_PER_DEVIATION + 1;
/** Stands for 0 in the first row, where the distribution is the normal one. */
const VARIATION_MIN = 0.02;

/** A chance this small is as good as none: e to the power -12, one in 160,000. */
const CHANCE_SMALL = 6e-6;

/** Per row and cell: tail, mean of min(Z, z), mean of min(Z, z)^2, for the standardised latency Z. */
const cutTable: Float64Array = new Float64Array(ROWS * CELLS * 3);
/** Per row: the standardised 99th percentile, and the latency that is exceeded with the small chance. */
const quantileTable: Float64Array = new Float64Array(ROWS + 1);
const reachTable: Float64Array = new Float64Array(ROWS + 1);
let filled = false;

/** Fills the tables, once: it takes some milliseconds that commands without an engine need not wait for. */
export function prepareLatencyTables(): void {
  if (filled) return;
  for (let row = 0; row < ROWS; row += 1) fillRow(row);
  quantileTable[ROWS] = quantileTable[ROWS - 1]!;
  reachTable[ROWS] = reachTable[ROWS - 1]!;
  filled = true;
}

/** What a time-out makes of a latency, written by `cutLatency`. */
export const Cut = {
  /** Chance that the latency exceeds the limit. */
  beyond: 0,
  /** Mean and variance of the latency or the limit, whichever is less. */
  seconds: 1,
  variance: 2,
} as const;

/** Cuts a latency off at a limit; writes the three numbers of `Cut` to `out`. */
export function cutLatency(seconds: number, variance: number, limit: number, out: Float64Array): void {
  const deviation = Math.sqrt(variance);
  const room = limit - seconds;
  out[Cut.beyond] = 0;
  out[Cut.seconds] = seconds;
  out[Cut.variance] = variance;
  if (room >= DISTANCE_MAX * deviation) return;
  if (room <= DISTANCE_MIN * deviation) {
    out[Cut.beyond] = 1;
    out[Cut.seconds] = limit;
    out[Cut.variance] = 0;
    return;
  }
  const row = Math.min(VARIATION_MAX, deviation / seconds) * ROWS_PER_UNIT;
  const cell = (room / deviation - DISTANCE_MIN) * CELLS_PER_DEVIATION;
  const mean = tabulated(row, cell, 1);
  const beyond = tabulated(row, cell, 0);
  // Between two cells the tables are off by a share of the deviation, which may be a great many limits.
  const cut = Math.min(limit, Math.max(limit * beyond, seconds + deviation * mean));
  const spread = variance * Math.max(0, tabulated(row, cell, 2) - mean * mean);
  out[Cut.beyond] = beyond;
  out[Cut.seconds] = cut;
  // Bhatia and Davis (2000): no variable between 0 and the limit varies more around this mean.
  out[Cut.variance] = Math.min(spread, cut * (limit - cut));
}

/** Where in the tables of quantiles a latency of this mean and standard deviation is found. */
export function quantilePosition(seconds: number, deviation: number): number {
  return seconds > 0 ? Math.min(VARIATION_MAX, deviation / seconds) * ROWS_PER_UNIT : 0;
}

/** The 99th percentile lies this many standard deviations above the mean. */
export function percentileAt(position: number): number {
  return between(quantileTable, position);
}

/** As good as no latency lies more standard deviations above the mean. */
export function reachAt(position: number): number {
  return between(reachTable, position);
}

function between(table: Float64Array, position: number): number {
  const row = position | 0;
  const low = table[row]!;
  return low + (table[row + 1]! - low) * (position - row);
}

function tabulated(row: number, cell: number, column: number): number {
  const rowBelow = Math.min(ROWS - 2, row | 0);
  const cellBelow = Math.min(CELLS - 2, cell | 0);
  const along = cell - cellBelow;
  const at = (rowBelow * CELLS + cellBelow) * 3 + column;
  const above = at + CELLS * 3;
  const low = cutTable[at]! + (cutTable[at + 3]! - cutTable[at]!) * along;
  const high = cutTable[above]! + (cutTable[above + 3]! - cutTable[above]!) * along;
  return low + (high - low) * (row - rowBelow);
}

/** Integrates the tail downwards from the far end, where what lies beyond is as good as exponential. */
function fillRow(row: number): void {
  const variation = Math.max(VARIATION_MIN, row / ROWS_PER_UNIT);
  const step = 1 / CELLS_PER_DEVIATION;
  let upper = standardTail(variation, DISTANCE_MAX);
  let beyond = upper * variation;
  let beyondSquare = 2 * beyond * (DISTANCE_MAX + variation);
  for (let cell = CELLS - 1; cell >= 0; cell -= 1) {
    const distance = DISTANCE_MIN + cell * step;
    const tail = standardTail(variation, distance);
    if (cell < CELLS - 1) {
      const middle = distance + step / 2;
      const middleTail = 4 * standardTail(variation, middle);
      beyond += (step / 6) * (upper + middleTail + tail);
      beyondSquare += (step / 3) * (upper * (distance + step) + middleTail * middle + tail * distance);
    }
    cutTable.set([tail, -beyond, 1 - beyondSquare], (row * CELLS + cell) * 3);
    upper = tail;
  }
  quantileTable[row] = standardQuantile(variation, 0.01);
  reachTable[row] = standardQuantile(variation, CHANCE_SMALL);
}

/** Chance that a gamma variable lies more than `distance` standard deviations above its mean. */
function standardTail(variation: number, distance: number): number {
  const shape = 1 / (variation * variation);
  return gammaTail(shape, shape * (1 + distance * variation));
}

/** The distance that is exceeded with a chance, or the largest one in the tables. */
function standardQuantile(variation: number, chance: number): number {
  let low = 0;
  let high = DISTANCE_MAX;
  for (let halving = 0; halving < 50; halving += 1) {
    const middle = (low + high) / 2;
    if (standardTail(variation, middle) > chance) low = middle;
    else high = middle;
  }
  return low;
}
