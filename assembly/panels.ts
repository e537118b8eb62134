/**
 * Panel layout of a matrix of `inputs` x `outputs`: 8 columns at a time, each panel a run of rows of 8 floats, so that
 * the product reads weights strictly forward. Rows are padded to a multiple of 4 and columns to a multiple of 8.
 */

function panelBytes(inputs: i32): usize {
  return (<usize>(inputs + 3) & ~3) << 5;
}

function panelAddress(panels: usize, inputs: i32, input: i32, output: i32): usize {
  return panels + <usize>(output >> 3) * panelBytes(inputs) + (<usize>input << 5) + (<usize>(output & 7) << 2);
}

/** Writes row-major `weights` as panels; the padding is left as it is (zero since allocation). */
export function packPanels(weights: usize, inputs: i32, outputs: i32, panels: usize): void {
  for (let input: i32 = 0; input < inputs; input++) {
    for (let output: i32 = 0; output < outputs; output++) {
      store<f32>(panelAddress(panels, inputs, input, output), load<f32>(weights));
      weights += 4;
    }
  }
}

/** Writes the transpose of row-major `weights` as panels: the layout of the product that goes back through a layer. */
export function packTransposedPanels(weights: usize, inputs: i32, outputs: i32, panels: usize): void {
  for (let input: i32 = 0; input < inputs; input++) {
    for (let output: i32 = 0; output < outputs; output++) {
      store<f32>(panelAddress(panels, outputs, output, input), load<f32>(weights));
      weights += 4;
    }
  }
}

/** Writes panels back as a row-major matrix. */
export function unpackPanels(panels: usize, inputs: i32, outputs: i32, weights: usize): void {
  for (let input: i32 = 0; input < inputs; input++) {
    for (let output: i32 = 0; output < outputs; output++) {
      store<f32>(weights, load<f32>(panelAddress(panels, inputs, input, output)));
      weights += 4;
    }
  }
}
