/** Small clusters for tests, with every number in sight. */
import type { CallSpec, ClusterSpec, NodeSpec, ServiceSpec, StorageSpec } from '../../src/cluster/index.ts';

const probe = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  failureThreshold: 3,
  successThreshold: 1,
};

/** A service with two replicas and room to spare. */
export function serviceSpec(name: string, changes: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    name,
    replicas: 2,
    replicasRequired: 2,
    replicasMax: 3,
    placement: [],
    workers: 8,
    queueMax: 64,
    serviceTimeSeconds: 0.01,
    serviceTimeCv: 1,
    serviceTimeShape: 'exponential',
    balancing: 'random',
    failOpenRatio: 0,
    cpuSecondsPerRequest: 0.001,
    cpuLimitCores: 1,
    cpuRequestCores: 0.2,
    memoryLimitBytes: 256e6,
    memoryRequestBytes: 128e6,
    memoryBaseBytes: 100e6,
    memoryPerRequestBytes: 1e5,
    startSeconds: 5,
    warmUpSeconds: 0,
    warmUpFactor: 1,
    readiness: probe,
    liveness: probe,
    storage: null,
    ...changes,
  };
}

/** Storage of a small database whose leader is replaced after 30 s. */
export function storageSpec(changes: Partial<StorageSpec> = {}): StorageSpec {
  return {
    diskBytes: 10e9,
    usedBytes: 2e9,
    writeRatio: 0.5,
    bytesPerWrite: 1000,
    compactionBytesPerSecond: 1e6,
    operationsPerSecondMax: 2000,
    operationsPerRequest: 1,
    watermarkRatio: 0.95,
    replicationLagSeconds: 1,
    electionSeconds: 30,
    rebuildBytesPerSecond: 100e6,
    ...changes,
  };
}

/** A call once per request with one second to answer and one retry. */
export function callSpec(caller: number, callee: number, changes: Partial<CallSpec> = {}): CallSpec {
  return {
    caller,
    callee,
    perRequest: 1,
    timeoutSeconds: 1,
    retriesMax: 1,
    backoffSeconds: 0.05,
    retryBudgetRatio: 0.2,
    requestBytes: 500,
    responseBytes: 2000,
    required: true,
    connectionsMax: null,
    connectionWaitSeconds: 30,
    breaker: null,
    cache: null,
    ...changes,
  };
}

/** A machine with four cores. */
export function nodeSpec(name: string, zone: number): NodeSpec {
  return { name, zone, cores: 4, memoryBytes: 8e9, uplinkBytesPerSecond: 125e6 };
}

/** Users -> front -> back -> store (with storage) on three machines in three zones. */
export function clusterSpec(changes: Partial<ClusterSpec> = {}): ClusterSpec {
  return {
    zones: ['a', 'b', 'c'],
    nodes: [nodeSpec('node-a', 0), nodeSpec('node-b', 1), nodeSpec('node-c', 2)],
    network: {
      interconnectBytesPerSecond: 125e6,
      uplinkLatencySeconds: 0.0001,
      interconnectLatencySeconds: 0.0005,
      bufferBytes: 1e6,
    },
    services: [
      serviceSpec('front'),
      serviceSpec('back'),
      serviceSpec('store', { replicasMax: 2, storage: storageSpec(), placement: [0, 1] }),
    ],
    calls: [callSpec(0, 1), callSpec(1, 2)],
    workloads: [
      {
        name: 'users',
        service: 0,
        requestsPerSecond: 100,
        timeoutSeconds: 3,
        swingRatio: 0,
        swingSeconds: 60,
        requestBytes: 1000,
        responseBytes: 10_000,
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
    monitoring: { scrapeSeconds: 5, lateRatio: 0, missingRatio: 0 },
    tickSeconds: 0.5,
    ...changes,
  };
}
