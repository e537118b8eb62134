/** A dense layer in kernel memory: its weights in the layouts of both directions, and the sums of its gradients. */
import { type Kernels, roundUp } from './kernels.ts';
import { PANEL_COLUMNS, type Rows, TILE_ROWS, WORD_BYTES } from './rows.ts';

/** Where a layer's parameters lie in the flat weight vector. */
export interface DenseLayerPlace {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightsOffset: number;
  /** Left out: the layer has no bias. */
  readonly biasOffset?: number;
}

/** Panels of a matrix in kernel memory: see assembly/panels.ts. */
interface Panels {
  readonly address: number;
  readonly count: number;
  readonly stride: number;
}

/** output = input x weights + bias, and the gradients of all three. */
export class DenseLayer {
  private readonly kernels: Kernels;
  private readonly place: DenseLayerPlace;
  private readonly weights: Panels;
  private readonly transposedWeights: Panels;
  private readonly bias: Rows;
  private readonly noInitial: Rows;
  private readonly weightSums: Panels;
  private readonly biasSums: number;

  constructor(kernels: Kernels, place: DenseLayerPlace) {
    this.kernels = kernels;
    this.place = place;
    this.weights = allocatePanels(kernels, place.inputs, place.outputs);
    this.transposedWeights = allocatePanels(kernels, place.outputs, place.inputs);
    this.bias = { address: kernels.allocate(rowBytes(this.weights)), stride: 0 };
    this.noInitial = { address: kernels.allocate(rowBytes(this.transposedWeights)), stride: 0 };
    this.weightSums = allocatePanels(kernels, place.inputs, place.outputs);
    this.biasSums = kernels.allocate(rowBytes(this.weights));
  }

  /** Takes the parameters from a flat vector in kernel memory. */
  load(flat: number): void {
    const { inputs, outputs, weightsOffset, biasOffset } = this.place;
    const { run, bytes } = this.kernels;
    const source = flat + weightsOffset * WORD_BYTES;
    run.packPanels(source, inputs, outputs, this.weights.address);
    run.packTransposedPanels(source, inputs, outputs, this.transposedWeights.address);
    if (biasOffset === undefined) return;
    const biasSource = flat + biasOffset * WORD_BYTES;
    bytes.copyWithin(this.bias.address, biasSource, biasSource + outputs * WORD_BYTES);
  }

  /** output = initial + input x weights; the bias is the initial value unless rows are given. */
  forward(count: number, input: Rows, output: Rows, initial: Rows = this.bias): void {
    this.multiply(count, this.place.inputs, input, this.weights, initial, output);
  }

  /** inputGradient = initial + gradient x weightsᵀ; the initial value is 0 unless rows are given. */
  backward(count: number, gradient: Rows, inputGradient: Rows, initial: Rows = this.noInitial): void {
    this.multiply(count, this.place.outputs, gradient, this.transposedWeights, initial, inputGradient);
  }

  clearGradients(): void {
    const { bytes } = this.kernels;
    const { address, count, stride } = this.weightSums;
    bytes.fill(0, address, address + count * stride);
    bytes.fill(0, this.biasSums, this.biasSums + rowBytes(this.weights));
  }

  /** Adds the gradients of weights and bias over `count` rows. */
  addGradients(count: number, input: Rows, gradient: Rows): void {
    const { run } = this.kernels;
    const { address, count: panels, stride } = this.weightSums;
    const { inputs, biasOffset } = this.place;
    run.addOuterProducts(
      count,
      inputs,
      panels,
      input.address,
      input.stride,
      gradient.address,
      gradient.stride,
      address,
      stride,
    );
    if (biasOffset !== undefined) run.addColumns(count, panels, gradient.address, this.biasSums);
  }

  /** Writes the gradients into a flat vector in kernel memory. */
  storeGradients(flat: number): void {
    const { inputs, outputs, weightsOffset, biasOffset } = this.place;
    const { run, bytes } = this.kernels;
    run.unpackPanels(this.weightSums.address, inputs, outputs, flat + weightsOffset * WORD_BYTES);
    if (biasOffset === undefined) return;
    bytes.copyWithin(flat + biasOffset * WORD_BYTES, this.biasSums, this.biasSums + outputs * WORD_BYTES);
  }

  private multiply(count: number, inner: number, input: Rows, weights: Panels, initial: Rows, output: Rows): void {
    this.kernels.run.multiply(
      count,
      inner,
      weights.count,
      input.address,
      input.stride,
      weights.address,
      weights.stride,
      initial.address,
      initial.stride,
      output.address,
      output.stride,
    );
  }
}

function allocatePanels(kernels: Kernels, inputs: number, outputs: number): Panels {
  const count = Math.ceil(outputs / PANEL_COLUMNS);
  const stride = roundUp(inputs, TILE_ROWS) * PANEL_COLUMNS * WORD_BYTES;
  return { address: kernels.allocate(count * stride), count, stride };
}

function rowBytes(panels: Panels): number {
  return panels.count * PANEL_COLUMNS * WORD_BYTES;
}
