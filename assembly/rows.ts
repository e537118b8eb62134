/** Copies and sums between tables of rows: compact rows of the head, rows of the components, rows of the samples. */

/** target[i] = source[rows[i]]; row length `rowBytes` is a multiple of 16. */
export function gatherRows(count: i32, rows: usize, source: usize, rowBytes: usize, target: usize): void {
  for (let index: i32 = 0; index < count; index++) {
    memory.copy(target, source + <usize>load<i32>(rows) * rowBytes, rowBytes);
    rows += 4;
    target += rowBytes;
  }
}

/** target[rows[i]] += source[i]. */
export function addGatheredRows(count: i32, rows: usize, source: usize, rowBytes: usize, target: usize): void {
  for (let index: i32 = 0; index < count; index++) {
    addRow(target + <usize>load<i32>(rows) * rowBytes, source, rowBytes);
    rows += 4;
    source += rowBytes;
  }
}

/** Writes row g of `source` counts[g] times, one group after the other. */
export function repeatRows(groups: i32, counts: usize, source: usize, rowBytes: usize, target: usize): void {
  for (let group: i32 = 0; group < groups; group++) {
    for (let left = load<i32>(counts); left > 0; left--) {
      memory.copy(target, source, rowBytes);
      target += rowBytes;
    }
    counts += 4;
    source += rowBytes;
  }
}

/** The way back of repeatRows: target[g] = the sum of its counts[g] rows of `source`. */
export function sumRowGroups(groups: i32, counts: usize, source: usize, rowBytes: usize, target: usize): void {
  for (let group: i32 = 0; group < groups; group++) {
    memory.fill(target, 0, rowBytes);
    for (let left = load<i32>(counts); left > 0; left--) {
      addRow(target, source, rowBytes);
      source += rowBytes;
    }
    counts += 4;
    target += rowBytes;
  }
}

function addRow(target: usize, source: usize, rowBytes: usize): void {
  for (let at: usize = 0; at < rowBytes; at += 16) {
    v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
  }
}
