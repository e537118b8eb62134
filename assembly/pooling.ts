/** Mean and maximum over the rows of each sample, and the way their gradients go back to the rows. */

/**
 * Writes per sample [mean of its counts[s] rows | maximum of them], 2 x `columns` floats, at the start of its row of
 * `output`; `winners` (`columns` i32 per sample, or 0 for none) gets the row within the sample that holds the maximum.
 */
export function poolRows(
  samples: i32,
  counts: usize,
  rows: usize,
  rowStride: usize,
  columns: i32,
  output: usize,
  outputStride: usize,
  winners: usize,
): void {
  const vectorEnd = <usize>(columns & ~3) << 2;
  const end = <usize>columns << 2;
  for (let sample: i32 = 0; sample < samples; sample++) {
    const count = load<i32>(counts);
    for (let at: usize = 0; at < vectorEnd; at += 16) {
      poolFourColumns(count, rows + at, rowStride, output + at, end, winners == 0 ? 0 : winners + at);
    }
    for (let at = vectorEnd; at < end; at += 4) {
      poolColumn(count, rows + at, rowStride, output + at, end, winners == 0 ? 0 : winners + at);
    }
    counts += 4;
    rows += <usize>count * rowStride;
    output += outputStride;
    if (winners != 0) winners += end;
  }
}

function poolFourColumns(count: i32, row: usize, rowStride: usize, mean: usize, toMaximum: usize, winner: usize): void {
  let sum = f32x4.splat(0);
  let maximum = v128.load(row);
  let holder = i32x4.splat(0);
  for (let index: i32 = 0; index < count; index++) {
    const value = v128.load(row);
    sum = f32x4.add(sum, value);
    const larger = f32x4.gt(value, maximum);
    maximum = v128.bitselect(value, maximum, larger);
    holder = v128.bitselect(i32x4.splat(index), holder, larger);
    row += rowStride;
  }
  v128.store(mean, f32x4.div(sum, f32x4.splat(<f32>count)));
  v128.store(mean + toMaximum, maximum);
  if (winner != 0) v128.store(winner, holder);
}

function poolColumn(count: i32, row: usize, rowStride: usize, mean: usize, toMaximum: usize, winner: usize): void {
  let sum: f32 = 0;
  let maximum = load<f32>(row);
  let holder: i32 = 0;
  for (let index: i32 = 0; index < count; index++) {
    const value = load<f32>(row);
    sum += value;
    if (value > maximum) {
      maximum = value;
      holder = index;
    }
    row += rowStride;
  }
  store<f32>(mean, sum / <f32>count);
  store<f32>(mean + toMaximum, maximum);
  if (winner != 0) store<i32>(winner, holder);
}

/**
 * Writes the gradient of every row from the gradient of [mean | maximum]: its share of the mean, and all of the
 * maximum where it is the winner. Rows of `gradients` are `rowBytes` long, a multiple of 32; `columns` a multiple of 4.
 */
export function poolRowsBackward(
  samples: i32,
  counts: usize,
  pooled: usize,
  pooledStride: usize,
  columns: i32,
  winners: usize,
  gradients: usize,
  rowBytes: usize,
): void {
  const end = <usize>columns << 2;
  for (let sample: i32 = 0; sample < samples; sample++) {
    const count = load<i32>(counts);
    const share = f32x4.splat(1 / <f32>count);
    for (let at: usize = 0; at < end; at += 16) {
      const mean = f32x4.mul(v128.load(pooled + at), share);
      const maximum = v128.load(pooled + at + end);
      const holder = v128.load(winners + at);
      let row = gradients + at;
      for (let index: i32 = 0; index < count; index++) {
        const won = v128.and(maximum, i32x4.eq(holder, i32x4.splat(index)));
        v128.store(row, f32x4.add(mean, won));
        row += rowBytes;
      }
    }
    counts += 4;
    pooled += pooledStride;
    winners += end;
    gradients += <usize>count * rowBytes;
  }
}
