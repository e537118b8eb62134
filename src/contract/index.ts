/** Types that all sides share: topology, specs, environments, policies. */

export type {
  Environment,
  EnvironmentSnapshot,
  LookAhead,
  Observation,
  PerRole,
  ResetOptions,
  ResetResult,
  RoleSpec,
  StepResult,
} from './environment.ts';
export type { Policy, PolicyContext } from './policy.ts';
export type { ActionSpec, FeatureSpec, ObservationSpec, OfferCondition, VerbOffer, VerbSpec } from './spec.ts';
export { actionSpec, choiceCount, decodeChoice, encodeChoice, NO_OP, observationSpec } from './spec.ts';
export type { Topology, TopologyComponent } from './topology.ts';
export type { RoleBuffers, VectorEnvironment } from './vector-environment.ts';
