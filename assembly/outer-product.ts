/** Gradients of a layer's weights and biases: sums over the rows of a tile, added to what is already there. */

/**
 * sums += inputᵀ x gradient, in panel layout (see panels.ts). Inner positions are done in fours: up to 3 floats behind
 * a row of `input` are read and end in the padding of `sums`.
 */
export function addOuterProducts(
  rows: i32,
  inner: i32,
  panels: i32,
  input: usize,
  inputStride: usize,
  gradient: usize,
  gradientStride: usize,
  sums: usize,
  panelStride: usize,
): void {
  for (let panel: i32 = 0; panel < panels; panel++) {
    let tile = sums;
    for (let position: usize = 0; position < <usize>inner << 2; position += 16) {
      addOuterProductTile(rows, input + position, inputStride, gradient, gradientStride, tile);
      tile += 128;
    }
    gradient += 32;
    sums += panelStride;
  }
}

/** One tile of 4 inner positions x 8 columns, kept in registers over all rows. */
function addOuterProductTile(
  rows: i32,
  input: usize,
  inputStride: usize,
  gradient: usize,
  gradientStride: usize,
  tile: usize,
): void {
  let sum00 = v128.load(tile);
  let sum01 = v128.load(tile, 16);
  let sum10 = v128.load(tile, 32);
  let sum11 = v128.load(tile, 48);
  let sum20 = v128.load(tile, 64);
  let sum21 = v128.load(tile, 80);
  let sum30 = v128.load(tile, 96);
  let sum31 = v128.load(tile, 112);

  for (let row: i32 = 0; row < rows; row++) {
    const gradient0 = v128.load(gradient);
    const gradient1 = v128.load(gradient, 16);
    let value = v128.load32_splat(input);
    sum00 = f32x4.add(sum00, f32x4.mul(value, gradient0));
    sum01 = f32x4.add(sum01, f32x4.mul(value, gradient1));
    value = v128.load32_splat(input, 4);
    sum10 = f32x4.add(sum10, f32x4.mul(value, gradient0));
    sum11 = f32x4.add(sum11, f32x4.mul(value, gradient1));
    value = v128.load32_splat(input, 8);
    sum20 = f32x4.add(sum20, f32x4.mul(value, gradient0));
    sum21 = f32x4.add(sum21, f32x4.mul(value, gradient1));
    value = v128.load32_splat(input, 12);
    sum30 = f32x4.add(sum30, f32x4.mul(value, gradient0));
    sum31 = f32x4.add(sum31, f32x4.mul(value, gradient1));
    input += inputStride;
    gradient += gradientStride;
  }

  v128.store(tile, sum00);
  v128.store(tile, sum01, 16);
  v128.store(tile, sum10, 32);
  v128.store(tile, sum11, 48);
  v128.store(tile, sum20, 64);
  v128.store(tile, sum21, 80);
  v128.store(tile, sum30, 96);
  v128.store(tile, sum31, 112);
}

/** sums += the column sums of `gradient`, whose rows are panels of 8 columns without a gap. */
export function addColumns(rows: i32, panels: i32, gradient: usize, sums: usize): void {
  const stride = <usize>panels << 5;
  for (let column: usize = 0; column < stride; column += 32) {
    let sum0 = v128.load(sums + column);
    let sum1 = v128.load(sums + column, 16);
    let at = gradient + column;
    for (let row: i32 = 0; row < rows; row++) {
      sum0 = f32x4.add(sum0, v128.load(at));
      sum1 = f32x4.add(sum1, v128.load(at, 16));
      at += stride;
    }
    v128.store(sums + column, sum0);
    v128.store(sums + column, sum1, 16);
  }
}
