/** Clusters stripped of everything but the queues in question: one endless machine, no latency, probes that never come. */

import type { CallSpec, ClusterSpec, ProbeSpec, ServiceSpec, WorkloadSpec } from '../../cluster/index.ts';

/** Longer than any run: what would happen this late does not happen. */
const NEVER_SECONDS = 1e8;
/** More than any model uses, small enough for exact sums. */
export const ENDLESS = 1e12;

const silentProbe: ProbeSpec = {
  initialDelaySeconds: NEVER_SECONDS,
  periodSeconds: NEVER_SECONDS,
  timeoutSeconds: NEVER_SECONDS,
  failureThreshold: 1000,
  successThreshold: 1,
};

/** A service of one replica that needs no core and no memory worth mentioning. */
export function modelService(name: string, changes: Partial<ServiceSpec> = {}): ServiceSpec {
  const replicas = changes.replicas ?? 1;
  return {
    name,
    replicas,
    replicasRequired: 1,
    replicasMax: replicas,
    placement: [],
    workers: 1,
    queueMax: 1e6,
    serviceTimeSeconds: 0.01,
    serviceTimeCv: 1,
    serviceTimeShape: 'exponential',
    balancing: 'random',
    failOpenRatio: 0,
    cpuSecondsPerRequest: 1e-9,
    cpuLimitCores: 1e6,
    cpuRequestCores: 0.001,
    memoryLimitBytes: ENDLESS,
    memoryRequestBytes: 1,
    memoryBaseBytes: 1,
    memoryPerRequestBytes: 0,
    startSeconds: 1,
    warmUpSeconds: 0,
    warmUpFactor: 1,
    readiness: silentProbe,
    liveness: silentProbe,
    storage: null,
    ...changes,
  };
}

/** A service that only makes calls: any number of requests at once, hardly any work of its own. */
export function frontService(name: string, changes: Partial<ServiceSpec> = {}): ServiceSpec {
  return modelService(name, {
    workers: 100_000,
    serviceTimeSeconds: 1e-6,
    serviceTimeCv: 0,
    serviceTimeShape: 'deterministic',
    ...changes,
  });
}

/** One call per request, patient and without retries. */
export function modelCall(caller: number, callee: number, changes: Partial<CallSpec> = {}): CallSpec {
  return {
    caller,
    callee,
    perRequest: 1,
    timeoutSeconds: 1000,
    retriesMax: 0,
    backoffSeconds: 0.1,
    retryBudgetRatio: Number.POSITIVE_INFINITY,
    requestBytes: 100,
    responseBytes: 100,
    required: true,
    connectionsMax: null,
    connectionWaitSeconds: 30,
    breaker: null,
    cache: null,
    ...changes,
  };
}

/** What a model is made of. */
export interface ModelParts {
  readonly services: readonly ServiceSpec[];
  readonly calls?: readonly CallSpec[];
  readonly requestsPerSecond: number;
  readonly workload?: Partial<WorkloadSpec>;
  readonly changes?: Partial<ClusterSpec>;
}

/** Users of the first service, on one machine. */
export function modelCluster({ services, calls = [], requestsPerSecond, workload, changes }: ModelParts): ClusterSpec {
  return {
    zones: ['zone'],
    nodes: [{ name: 'node', zone: 0, cores: 1e9, memoryBytes: 1e15, uplinkBytesPerSecond: ENDLESS }],
    network: {
      interconnectBytesPerSecond: ENDLESS,
      uplinkLatencySeconds: 0,
      interconnectLatencySeconds: 0,
      bufferBytes: ENDLESS,
    },
    services,
    calls,
    workloads: [
      {
        name: 'users',
        service: 0,
        requestsPerSecond,
        timeoutSeconds: 1000,
        swingRatio: 0,
        swingSeconds: 0,
        requestBytes: 100,
        responseBytes: 100,
        ...workload,
      },
    ],
    control: {
      heartbeatSeconds: 10,
      nodeGraceSeconds: 40,
      evictionSeconds: 300,
      crashBackoffSeconds: 10,
      crashBackoffSecondsMax: 300,
      crashBackoffResetSeconds: 600,
      clockToleranceSeconds: 30,
    },
    monitoring: { scrapeSeconds: NEVER_SECONDS, lateRatio: 0, missingRatio: 0 },
    tickSeconds: 0.5,
    ...changes,
  };
}

/** One service alone: `workers` at once, times in seconds. */
export function singleService(
  requestsPerSecond: number,
  service: Partial<ServiceSpec>,
  workload: Partial<WorkloadSpec> = {},
): ClusterSpec {
  return modelCluster({ services: [modelService('queue', service)], requestsPerSecond, workload });
}
