/**
 * The matrix product behind every layer, forward and backward. One tile of 4 rows x 8 columns stays in registers
 * (8 sums, 2 weights, 1 input), the largest that keeps the floating-point ports busy without spilling.
 */

/**
 * output = initial + input x weights. `weights` are panels of 8 columns (see panels.ts), `panelStride` apart.
 * An `initialStride` of 0 adds one bias row to all rows; `initial` may be `output` itself.
 * Rows are done in fours: up to 3 rows behind the last are read and written, so buffers hold a multiple of 4 rows.
 */
export function multiply(
  rows: i32,
  inner: i32,
  panels: i32,
  input: usize,
  inputStride: usize,
  weights: usize,
  panelStride: usize,
  initial: usize,
  initialStride: usize,
  output: usize,
  outputStride: usize,
): void {
  const innerBytes = <usize>inner << 2;
  for (let row: i32 = 0; row < rows; row += 4) {
    let panel = weights;
    for (let column: usize = 0; column < <usize>panels << 5; column += 32) {
      multiplyTile(innerBytes, input, inputStride, panel, initial + column, initialStride, output + column, outputStride);
      panel += panelStride;
    }
    input += inputStride << 2;
    initial += initialStride << 2;
    output += outputStride << 2;
  }
}

function multiplyTile(
  innerBytes: usize,
  input: usize,
  inputStride: usize,
  panel: usize,
  initial: usize,
  initialStride: usize,
  output: usize,
  outputStride: usize,
): void {
  let input0 = input;
  let input1 = input0 + inputStride;
  let input2 = input1 + inputStride;
  let input3 = input2 + inputStride;
  const inputEnd = input0 + innerBytes;

  let sum00 = v128.load(initial);
  let sum01 = v128.load(initial, 16);
  initial += initialStride;
  let sum10 = v128.load(initial);
  let sum11 = v128.load(initial, 16);
  initial += initialStride;
  let sum20 = v128.load(initial);
  let sum21 = v128.load(initial, 16);
  initial += initialStride;
  let sum30 = v128.load(initial);
  let sum31 = v128.load(initial, 16);

  while (input0 < inputEnd) {
    const weight0 = v128.load(panel);
    const weight1 = v128.load(panel, 16);
    panel += 32;
    let value = v128.load32_splat(input0);
    sum00 = f32x4.add(sum00, f32x4.mul(value, weight0));
    sum01 = f32x4.add(sum01, f32x4.mul(value, weight1));
    value = v128.load32_splat(input1);
    sum10 = f32x4.add(sum10, f32x4.mul(value, weight0));
    sum11 = f32x4.add(sum11, f32x4.mul(value, weight1));
    value = v128.load32_splat(input2);
    sum20 = f32x4.add(sum20, f32x4.mul(value, weight0));
    sum21 = f32x4.add(sum21, f32x4.mul(value, weight1));
    value = v128.load32_splat(input3);
    sum30 = f32x4.add(sum30, f32x4.mul(value, weight0));
    sum31 = f32x4.add(sum31, f32x4.mul(value, weight1));
    input0 += 4;
    input1 += 4;
    input2 += 4;
    input3 += 4;
  }

  v128.store(output, sum00);
  v128.store(output, sum01, 16);
  output += outputStride;
  v128.store(output, sum10);
  v128.store(output, sum11, 16);
  output += outputStride;
  v128.store(output, sum20);
  v128.store(output, sum21, 16);
  output += outputStride;
  v128.store(output, sum30);
  v128.store(output, sum31, 16);
}
