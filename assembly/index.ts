/** The kernels' entry point: what the compiled module offers to src/neural/kernels.ts. All addresses and strides are in bytes. */
export { multiplyTanhDerivative, tanhInPlace } from './activation';
export { listChoices, spreadLogits } from './choices';
export { updateMemory, updateMemoryBackward } from './memory';
export { multiply } from './multiply';
export { poolNeighbours, poolNeighboursBackward } from './neighbours';
export { addColumns, addOuterProducts } from './outer-product';
export { packPanels, packTransposedPanels, unpackPanels } from './panels';
export { policyLoss } from './policy-loss';
export { poolRows, poolRowsBackward } from './pooling';
export { addGatheredRows, gatherRows, repeatRows, sumRowGroups } from './rows';
export { valueLoss } from './value-loss';

/** First free byte of the memory; everything above belongs to the caller. */
export function heapStart(): usize {
  return __heap_base;
}
