/** Public names of agent and model files. */

export type { AgentCard } from './agent-card.ts';
export { readAgent, writeAgent } from './agent-file.ts';
export {
  type ArrayBundle,
  BundleError,
  type BundleFault,
  bundleHash,
  decodeBundle,
  encodeBundle,
} from './array-bundle.ts';
export { averageAgents } from './average-agents.ts';
export type { DecisionParts, SignalNote } from './decision-files.ts';
export { type GoldenVector, goldenVectors } from './golden-vectors.ts';
export type { LayersModel } from './layers-graph.ts';
export { onnxNetwork, onnxValues } from './onnx-network.ts';
export { type OrderModelFiles, type OrderModelOrigin, orderModelFiles } from './order-model.ts';
export { writeOrderModel } from './order-model-file.ts';
export { tensorflowLayers } from './tensorflow-layers.ts';
export type { TrainedNetwork } from './trained-parts.ts';
