/** A simulated cluster: components, effects, control plane, signals, and the port for traffic engines. */

export { type ActionHandler, Cluster } from './cluster.ts';
export {
  Answer,
  answerOf,
  type Conditions,
  CPU_SHARE_MIN,
  cpuLimitCores,
  cpuStolenCores,
  diskForeignShare,
  diskOperationSeconds,
  diskReadErrors,
  diskWriteErrors,
  errorRatio,
  linkBetween,
  linkBufferBytes,
  linkCapacity,
  linkForeignBytes,
  linkLatencySeconds,
  linkLossRatio,
  linkRate,
  linkSecondsPerByte,
  spreadDraw,
  spreadSeconds,
  spreadVariance,
  sumOfPorts,
  unionOfPorts,
  Way,
  wayBetween,
} from './conditions.ts';
export { type EffectKind, type EffectTarget, effectForms } from './effect-forms.ts';
export { Effects } from './effects.ts';
export { ClusterEvent, EventPriority, FAULT_EVENTS_FROM, REPAIR_EVENTS_FROM } from './events.ts';
export { copyTable, type Meters, meters, type WorkloadMeters, workloadMeters } from './meters.ts';
export { Routes } from './routes.ts';
export { type DoorSignals, Monitoring, type MonitoringGaps } from './signals/monitoring.ts';
export { type SignalForm, type SignalName, signalColumn, signalForms, signalNames } from './signals/signal-names.ts';
export type {
  Balancing,
  BreakerSpec,
  CacheSpec,
  CallSpec,
  ClusterSpec,
  ComponentKind,
  ControlSpec,
  MonitoringSpec,
  NetworkSpec,
  NodeSpec,
  ProbeSpec,
  ServiceSpec,
  ServiceTimeShape,
  StorageSpec,
  WorkloadSpec,
} from './spec.ts';
export { Breaker, type ClusterState, clusterState, Phase } from './state.ts';
export { type ClusterTopology, clusterTopology, componentAt, type Rows } from './topology.ts';
export type { TrafficContext, TrafficEngine, TrafficFactory } from './traffic-port.ts';
export { usualRates } from './usual-rates.ts';
