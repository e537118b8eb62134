/**
 * The 99th percentile of latency over windows as long as monitoring's: a histogram per series with sixteen bins an
 * octave, so that a bin is at most 6 % wide. Meters want sums by which a mean over answers can be taken: a window adds
 * its quantile once for every answer in it.
 */

import type { StateLayout, Table } from '../../base/index.ts';

/** Bins to an octave, as a power of two. */
const BINS_LOG2 = 4;
const BINS: number = 1 << BINS_LOG2;
/** Latencies above this are counted as this: about 18 minutes. */
const MICROS_MAX: number = 1_073_741_823;
const WIDTH: number = (31 - BINS_LOG2) * BINS;
/** One answer in this many takes longer than the quantile. */
const BEYOND = 0.01;

/** Histograms of several series. */
export class LatencyMeter {
  readonly #series: number;
  readonly #windowMicros: number;
  readonly #bins: Table<{ answers: 'i32' }>;
  readonly #totals: Table<{ answers: 'f64'; highest: 'i32'; counted: 'f64' }>;
  readonly #window: Table<{ endMicros: 'f64' }>;
  #counts: Int32Array = new Int32Array();
  #highest: Int32Array = new Int32Array();
  #answers: Float64Array = new Float64Array();

  constructor(layout: StateLayout, options: { series: number; windowMicros: number }) {
    this.#series = options.series;
    this.#windowMicros = options.windowMicros;
    this.#bins = layout.table('request.latency', options.series * WIDTH, { answers: 'i32' });
    this.#totals = layout.table('request.latency.total', options.series, {
      answers: 'f64',
      highest: 'i32',
      counted: 'f64',
    });
    this.#window = layout.table('request.latency.window', 1, { endMicros: 'f64' });
  }

  bind(): void {
    this.#counts = this.#bins.answers;
    this.#highest = this.#totals.highest;
    this.#answers = this.#totals.answers;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#highest.fill(0);
    this.#answers.fill(0);
    this.#totals.counted.fill(0);
    this.#window.endMicros[0] = this.#windowMicros;
  }

  /** Counts an answer after whole microseconds. */
  add(series: number, micros: number): void {
    const bin = binOf(Math.min(micros, MICROS_MAX));
    this.#counts[series * WIDTH + bin]! += 1;
    this.#answers[series]! += 1;
    if (bin > this.#highest[series]!) this.#highest[series] = bin;
  }

  /** What the window so far adds to a series' sum beyond what it has added already, in answers times seconds. */
  credit(series: number): number {
    const { counted } = this.#totals;
    const due = this.#answers[series]! * this.quantileSeconds(series) - counted[series]!;
    if (due <= 0) return 0;
    counted[series]! += due;
    return due;
  }

  /** Begins a new window if the last is over. */
  turn(nowMicros: number): void {
    const { endMicros } = this.#window;
    if (nowMicros < endMicros[0]!) return;
    while (endMicros[0]! <= nowMicros) endMicros[0]! += this.#windowMicros;
    this.#totals.counted.fill(0);
    this.#answers.fill(0);
    for (let series = 0; series < this.#series; series += 1) {
      const first = series * WIDTH;
      this.#counts.fill(0, first, first + this.#highest[series]! + 1);
      this.#highest[series] = 0;
    }
  }

  /** The quantile of the window so far, interpolated within its bin; 0 without answers. */
  quantileSeconds(series: number): number {
    const beyond = BEYOND * this.#answers[series]!;
    if (beyond === 0) return 0;
    let above = 0;
    for (let bin = this.#highest[series]!; bin >= 0; bin -= 1) {
      const here = this.#counts[series * WIDTH + bin]!;
      if (above + here < beyond) {
        above += here;
        continue;
      }
      const part = 1 - (beyond - above) / here;
      return (lowestOf(bin) + part * (lowestOf(bin + 1) - lowestOf(bin))) / 1e6;
    }
    return 0;
  }
}

/** Bins are exact up to 31, then sixteen to an octave. */
function binOf(micros: number): number {
  if (micros < 2 * BINS) return micros;
  const octave = 31 - BINS_LOG2 - Math.clz32(micros);
  return octave * BINS + (micros >> octave);
}

function lowestOf(bin: number): number {
  if (bin < 2 * BINS) return bin;
  const octave = (bin >> BINS_LOG2) - 1;
  return (bin - octave * BINS) * (1 << octave);
}
