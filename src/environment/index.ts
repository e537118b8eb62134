/** The contest between chaos and order as an environment: observations, masks, rewards, phases, verdict. */

export { type EngineName, engineNames } from '../traffic/index.ts';
export { type ChaosMoment, chaosMoments } from './chaos-moments.ts';
export { type CheckOptions, checkEnvironment, type Finding } from './check-environment.ts';
export type { ContestOptions } from './contest.ts';
export {
  ContestEnvironment,
  contestRoles,
  contestSpecs,
  createEnvironment,
} from './contest-environment.ts';
export type {
  ContestEvents,
  ContestInfo,
  ContestPhase,
  ControlHappening,
  ControlKind,
  Verdict,
} from './contest-info.ts';
export { ControlWatch } from './control-watch.ts';
export { type NamedSignal, signalCatalogue, signalsOf } from './signal-view.ts';
export type { SituationReport } from './situation-report.ts';
export { ContestVector, createVectorEnvironment, type VectorOptions } from './vector-environment.ts';
