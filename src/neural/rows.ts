/** Tables of floats in kernel memory, and the tanh that works on whole tables. */
import { type Kernels, roundUp } from './kernels.ts';

/** A table in kernel memory: address of its first row and distance between rows, in bytes. */
export interface Rows {
  readonly address: number;
  readonly stride: number;
}

/** Columns the matrix product computes at a time. */
export const PANEL_COLUMNS = 8;
/** Rows the matrix product computes at a time. */
export const TILE_ROWS = 4;
export const WORD_BYTES = 4;

/** Zeroed rows that a layer can write: columns and number are rounded up to what the product computes at a time. */
export function allocateRows(kernels: Kernels, rowsMax: number, columns: number): Rows {
  const stride = roundUp(columns, PANEL_COLUMNS) * WORD_BYTES;
  return { address: kernels.allocate(roundUp(rowsMax, TILE_ROWS) * stride), stride };
}

/** Zeroed rows without a gap between them, which layers only read. */
export function allocateInputRows(kernels: Kernels, rowsMax: number, columns: number): Rows {
  const stride = columns * WORD_BYTES;
  return { address: kernels.allocate(roundUp(rowsMax, TILE_ROWS) * stride), stride };
}

/** Applies tanh to the first `count` rows. */
export function tanhRows(kernels: Kernels, count: number, rows: Rows): void {
  kernels.run.tanhInPlace(rows.address, (count * rows.stride) / WORD_BYTES);
}

/** Turns gradients of tanh activations into gradients of what tanh was applied to. */
export function tanhRowsBackward(kernels: Kernels, count: number, gradients: Rows, activations: Rows): void {
  kernels.run.multiplyTanhDerivative(gradients.address, activations.address, (count * gradients.stride) / WORD_BYTES);
}
