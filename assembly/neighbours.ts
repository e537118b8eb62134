/**
 * Mean and maximum over the neighbours of each component, and the way their gradients go back. `lists` holds per sample
 * the address of a table of i32: counts[s] + 1 starts, then the neighbours (component numbers within the sample) of all
 * its components one after the other. All tables of rows have rows of `rowBytes`, a multiple of 16.
 */

/** Writes the pooled rows of all components, 0 where there is no neighbour; `winners` gets who holds each maximum, or -1. */
export function poolNeighbours(
  samples: i32,
  counts: usize,
  lists: usize,
  rows: usize,
  rowBytes: usize,
  means: usize,
  maxima: usize,
  winners: usize,
): void {
  for (let sample: i32 = 0; sample < samples; sample++) {
    const count = load<i32>(counts + (<usize>sample << 2));
    let starts = <usize>load<i32>(lists + (<usize>sample << 2));
    const items = starts + ((<usize>count + 1) << 2);
    for (let left = count; left > 0; left--) {
      const first = items + (<usize>load<i32>(starts) << 2);
      const end = items + (<usize>load<i32>(starts, 4) << 2);
      if (first == end) {
        memory.fill(means, 0, rowBytes);
        memory.fill(maxima, 0, rowBytes);
        memory.fill(winners, 0xff, rowBytes);
      } else {
        poolList(first, end, rows, rowBytes, means, maxima, winners);
      }
      starts += 4;
      means += rowBytes;
      maxima += rowBytes;
      winners += rowBytes;
    }
    rows += <usize>count * rowBytes;
  }
}

function poolList(
  first: usize,
  end: usize,
  rows: usize,
  rowBytes: usize,
  mean: usize,
  maximum: usize,
  winner: usize,
): void {
  const neighbours = f32x4.splat(<f32>((end - first) >> 2));
  for (let at: usize = 0; at < rowBytes; at += 16) {
    let sum = f32x4.splat(0);
    let largest = v128.load(rows + at + <usize>load<i32>(first) * rowBytes);
    let holder = i32x4.splat(load<i32>(first));
    for (let item = first; item < end; item += 4) {
      const neighbour = load<i32>(item);
      const value = v128.load(rows + at + <usize>neighbour * rowBytes);
      sum = f32x4.add(sum, value);
      const larger = f32x4.gt(value, largest);
      largest = v128.bitselect(value, largest, larger);
      holder = v128.bitselect(i32x4.splat(neighbour), holder, larger);
    }
    v128.store(mean + at, f32x4.div(sum, neighbours));
    v128.store(maximum + at, largest);
    v128.store(winner + at, holder);
  }
}

/** Adds to the gradient of every row its share of the means, and all of the maxima, that it took part in. */
export function poolNeighboursBackward(
  samples: i32,
  counts: usize,
  lists: usize,
  means: usize,
  maxima: usize,
  winners: usize,
  gradients: usize,
  rowBytes: usize,
): void {
  for (let sample: i32 = 0; sample < samples; sample++) {
    const count = load<i32>(counts + (<usize>sample << 2));
    let starts = <usize>load<i32>(lists + (<usize>sample << 2));
    const items = starts + ((<usize>count + 1) << 2);
    for (let left = count; left > 0; left--) {
      const first = items + (<usize>load<i32>(starts) << 2);
      const end = items + (<usize>load<i32>(starts, 4) << 2);
      if (first != end) spreadGradient(first, end, means, maxima, winners, gradients, rowBytes);
      starts += 4;
      means += rowBytes;
      maxima += rowBytes;
      winners += rowBytes;
    }
    gradients += <usize>count * rowBytes;
  }
}

function spreadGradient(
  first: usize,
  end: usize,
  mean: usize,
  maximum: usize,
  winner: usize,
  gradients: usize,
  rowBytes: usize,
): void {
  const share = f32x4.splat(1 / <f32>((end - first) >> 2));
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const ofMean = f32x4.mul(v128.load(mean + at), share);
    const ofMaximum = v128.load(maximum + at);
    const holder = v128.load(winner + at);
    for (let item = first; item < end; item += 4) {
      const neighbour = load<i32>(item);
      const row = gradients + at + <usize>neighbour * rowBytes;
      const won = v128.and(ofMaximum, i32x4.eq(holder, i32x4.splat(neighbour)));
      v128.store(row, f32x4.add(v128.load(row), f32x4.add(ofMean, won)));
    }
  }
}
