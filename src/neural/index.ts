/** Public names of the neural networks: the backend interface, the backends behind it, the optimizer and feature scaling. */
export type { AdamSettings, AdamState } from './adam.ts';
export { Adam, clipGlobalNorm } from './adam.ts';
export type {
  Backend,
  LossSums,
  NetworkShape,
  ObservationBatch,
  PolicyOutput,
  PpoBatch,
  PpoLossSettings,
  PpoTargets,
} from './backend.ts';
export { batchRow, choicesPerRow, MASKED_LOGIT } from './backend.ts';
export type { ComponentGraph, NeighbourLists } from './component-graph.ts';
export { componentGraph } from './component-graph.ts';
export { type FeatureScaling, SCALED_MAX, scaleRows } from './feature-scaling.ts';
export { initialWeights } from './initial-weights.ts';
export type { ParameterGroup } from './parameter-table.ts';
export {
  clusterStateSize,
  criticStateSize,
  headStateSize,
  parameterCount,
  parameterGroup,
  parameterTable,
} from './parameter-table.ts';
export type { PlainBatch, PlainLearner, PlainOutput, PlainShape } from './plain-network.ts';
export { PlainNetwork } from './plain-network.ts';
export {
  type BackendLibrary,
  type BackendName,
  backendNames,
  type PreparedBackend,
  prepareBackend,
  simdBackend,
} from './prepared-backend.ts';
export { createSimdBackend } from './simd-backend.ts';
export type { SpeedProbe } from './speed-probes.ts';
export { entitySpeedProbe, plainSpeedProbe } from './speed-probes.ts';
