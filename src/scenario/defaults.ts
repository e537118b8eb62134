/** Every default of a scenario file, in the file's own notation, each with the reason for its value. */
import type {
  BreakerSection,
  CacheSection,
  CallSection,
  ContestSection,
  ControlSection,
  MonitoringSection,
  NetworkSection,
  NodeSection,
  ObjectiveSection,
  ProbeSection,
  Quantity,
  ServiceDefaultsSection,
  StorageSection,
  WorkloadSection,
} from './document.ts';

/** A section with every field stated, nested sections included. */
export type Complete<T> = T extends object ? { [Key in keyof T]-?: Complete<Exclude<T[Key], undefined>> } : T;

/** Kubernetes' own probe defaults. */
export const DEFAULT_PROBE: Complete<ProbeSection> = {
  initialDelay: 0,
  period: '10s',
  timeout: '1s',
  failureThreshold: 3,
  successThreshold: 1,
};

/** Fields of a service whose default follows from its other fields; see `compile-service.ts`. */
export type DerivedServiceField = 'replicasRequired' | 'replicasMax' | 'serviceTimeShape';

/** A small stateless service. */
export const DEFAULT_SERVICE: Complete<Omit<ServiceDefaultsSection, DerivedServiceField | 'cpu' | 'memory'>> & {
  cpu: { limit: Quantity };
  memory: { limit: Quantity };
} = {
  // One replica would make every fault an outage.
  replicas: 2,
  // A small thread pool: a slow callee fills it within seconds, as in real services.
  workers: 8,
  // About a second of work for eight workers: waiting longer outlives the callers' timeouts.
  queue: 64,
  serviceTime: '10ms',
  // Exponential, the case that queueing theory describes exactly.
  serviceTimeCv: 1,
  // As iptables-based service proxies choose.
  balancing: 'random',
  // Service proxies of orchestrators never send to what is not ready.
  failOpen: 0,
  cpuPerRequest: '2ms',
  cpu: { limit: 1 },
  memory: { limit: '256Mi' },
  // Pod start within Kubernetes' own objective (5 s, image already pulled).
  start: '5s',
  // Cold caches and just-in-time compilation.
  warmUp: { duration: '30s', factor: 2 },
  readiness: DEFAULT_PROBE,
  liveness: DEFAULT_PROBE,
};

/** A small cloud disk under a store that replicates asynchronously. */
export const DEFAULT_STORAGE: Complete<StorageSection> = {
  disk: '10Gi',
  used: '3Gi',
  writeRatio: '20%',
  bytesPerWrite: '4Ki',
  compaction: '1MB/s',
  // Baseline of a common general-purpose cloud volume.
  operationsPerSecond: 3000,
  operationsPerRequest: 0.5,
  // Elasticsearch's flood stage.
  watermark: '95%',
  replicationLag: '1s',
  // Managed databases state 60 to 120 s for a failover.
  election: '60s',
  rebuild: '50MB/s',
};

/** A remote call with the habits of Finagle and Envoy: short time-out, one retry, retry budget 20 %. */
export const DEFAULT_CALL: Complete<Omit<CallSection, 'breaker' | 'cache'>> = {
  perRequest: 1,
  timeout: '1s',
  retries: 1,
  backoff: '25ms',
  retryBudget: '20%',
  request: '1Ki',
  response: '4Ki',
  required: true,
  connections: 'unlimited',
  // HikariCP waits this long for a connection.
  connectionWait: '30s',
};

/** Opens when half the calls of ten seconds failed, as common breaker libraries do. */
export const DEFAULT_BREAKER: Complete<BreakerSection> = {
  failureRatio: '50%',
  window: '10s',
  attempts: 20,
  open: '30s',
  trials: '1/s',
};

/** A warm cache that answers nine of ten calls. */
export const DEFAULT_CACHE: Complete<CacheSection> = { hitRatio: '90%', entries: 10_000 };

/** A small virtual machine. Its zone is the next one in turn. */
export const DEFAULT_NODE: Complete<Omit<NodeSection, 'name' | 'count' | 'zone'>> = {
  cores: 4,
  memory: '8Gi',
  uplink: '1Gbit/s',
};

/** Links of one region: 0.1 ms within a zone (two uplinks), about a millisecond there and back between zones. */
export const DEFAULT_NETWORK: Complete<NetworkSection> = {
  interconnect: '10Gbit/s',
  uplinkLatency: '50us',
  interconnectLatency: '500us',
  // A switch port's share of buffer: some milliseconds at 1 Gbit/s.
  buffer: '1MB',
};

/** Users who wait a few seconds, and a rate that swings gently. */
export const DEFAULT_WORKLOAD: Complete<Omit<WorkloadSection, 'name' | 'service' | 'rate'>> = {
  timeout: '3s',
  swing: '10%',
  swingDuration: '2m',
  request: '1Ki',
  response: '16Ki',
};

/** Two nines of success, and answers within a second. */
export const DEFAULT_OBJECTIVE: Complete<Omit<ObjectiveSection, 'workload'>> = {
  successRatio: '99%',
  latencyP99: '1s',
};

/** Ten minutes of faults, five of recovery, the last minute must be clean. */
export const DEFAULT_CONTEST: Complete<Omit<ContestSection, 'protected' | 'faults'>> = {
  decision: { chaos: '5s', order: '5s' },
  warmUp: '60s',
  duration: '10m',
  recovery: '5m',
  hold: '60s',
  availability: '90%',
  // A failover loses the replication lag; more than a few hundred writes means that it was done carelessly.
  lostWrites: 500,
  shed: '5%',
  chaosBudget: 10,
  faultsConcurrent: 2,
  replicaShare: '34%',
  cooldown: '30s',
  quiet: '10%',
  repairBudget: 30,
  rewards: {
    lossWeight: 0.02,
    shortageWeight: 0.01,
    repairCostWeight: 0.05,
    repairedBonus: 2,
    faultCostWeight: 0.05,
    regretWeight: 1,
  },
};

/** Kubernetes' timings, except that eviction is sooner than its 300 s: an episode lasts only minutes. */
export const DEFAULT_CONTROL: Complete<ControlSection> = {
  heartbeat: '10s',
  nodeGrace: '40s',
  eviction: '60s',
  crashBackoff: '10s',
  crashBackoffMax: '5m',
  crashBackoffReset: '10m',
  // Tokens and certificates are commonly accepted with half a minute of skew.
  clockTolerance: '30s',
};

/** A monitoring system that scrapes at the pace of the decisions and sometimes misses one. */
export const DEFAULT_MONITORING: Complete<MonitoringSection> = {
  scrape: '5s',
  late: '5%',
  missing: '1%',
};

/** Length of a flow tick: short against time-outs of a second, long enough to be fast. */
export const DEFAULT_TICK: Quantity = '500ms';

/** The one zone of a cluster that names none. */
export const DEFAULT_ZONE: string = 'zone-a';
