/** What a cluster is made of, compiled: dense indices, SI units (seconds, bytes, cores), every default filled in. */

export type ComponentKind = 'service' | 'node' | 'link' | 'disk';

/** A machine. Its uplink is a link of its own. */
export interface NodeSpec {
  readonly name: string;
  /** Index into `ClusterSpec.zones`. */
  readonly zone: number;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly uplinkBytesPerSecond: number;
}

/** Links between zones; one interconnect per pair of zones. */
export interface NetworkSpec {
  readonly interconnectBytesPerSecond: number;
  /** One way, per link crossed. */
  readonly uplinkLatencySeconds: number;
  readonly interconnectLatencySeconds: number;
  /** Bytes a link buffers before it drops. */
  readonly bufferBytes: number;
}

/** Timings of a probe, as orchestrators name them. */
export interface ProbeSpec {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
}

/** What makes a service stateful: one leader takes all requests, followers replicate it asynchronously. */
export interface StorageSpec {
  readonly diskBytes: number;
  /** Bytes in use at the start. */
  readonly usedBytes: number;
  /** Share of requests that write. */
  readonly writeRatio: number;
  readonly bytesPerWrite: number;
  /** Bytes per second that compaction frees while the disk holds more than `usedBytes`. */
  readonly compactionBytesPerSecond: number;
  /** Disk operations a second the device can do. */
  readonly operationsPerSecondMax: number;
  /** Disk operations one request needs, on average. */
  readonly operationsPerRequest: number;
  /** Used share above which writes fail. */
  readonly watermarkRatio: number;
  /** Seconds a follower lags behind when all is well. */
  readonly replicationLagSeconds: number;
  /** Seconds without a leader before a follower is promoted by itself; null = never. */
  readonly electionSeconds: number | null;
  /** Bytes a second at which a replaced disk is filled from another replica. */
  readonly rebuildBytesPerSecond: number;
}

/** Shape of a service's own time; mean and coefficient of variation are separate fields. */
export type ServiceTimeShape = 'exponential' | 'lognormal' | 'gamma' | 'hyperexponential' | 'deterministic';

/** How load balancing chooses among the endpoints it prefers. */
export type Balancing = 'random' | 'round-robin' | 'two-choices';

/** A service: replicas of one process behind health-checked load balancing. */
export interface ServiceSpec {
  readonly name: string;
  readonly replicas: number;
  /** Fewest live replicas with which the service counts as whole. */
  readonly replicasRequired: number;
  readonly replicasMax: number;
  /** Nodes the replicas are declared on, by index, one per replica; empty = the scheduler spreads them. */
  readonly placement: readonly number[];
  /** Requests a replica serves at once; a worker is held for the whole request, downstream calls included. */
  readonly workers: number;
  /** Requests that may wait; further ones are refused. */
  readonly queueMax: number;
  /** Own work per request, without downstream calls. */
  readonly serviceTimeSeconds: number;
  /** Coefficient of variation of the service time (1 = exponential). */
  readonly serviceTimeCv: number;
  /** `exponential` goes with a coefficient of variation of 1, `deterministic` with 0. */
  readonly serviceTimeShape: ServiceTimeShape;
  readonly balancing: Balancing;
  /** Share of ready replicas below which load balancing sends to all live ones (fail open); 0 = never. */
  readonly failOpenRatio: number;
  readonly cpuSecondsPerRequest: number;
  readonly cpuLimitCores: number;
  readonly cpuRequestCores: number;
  readonly memoryLimitBytes: number;
  readonly memoryRequestBytes: number;
  readonly memoryBaseBytes: number;
  readonly memoryPerRequestBytes: number;
  /** From scheduling to the first served request. */
  readonly startSeconds: number;
  /** How long after the start requests are slower (cold cache, just-in-time compiler). */
  readonly warmUpSeconds: number;
  /** Service time at the very start, as a multiple; falls linearly to 1. */
  readonly warmUpFactor: number;
  readonly readiness: ProbeSpec;
  readonly liveness: ProbeSpec;
  readonly storage: StorageSpec | null;
}

/** A breaker in a caller's replica: it counts over windows, opens, and tries again. */
export interface BreakerSpec {
  /** Share of failed attempts in a window above which it opens. */
  readonly failureRatioMax: number;
  readonly windowSeconds: number;
  /** Windows with fewer attempts do not count. */
  readonly attemptsMin: number;
  /** How long it refuses before it lets trials through. */
  readonly openSeconds: number;
  /** Trials a second while half open; after one window of them it closes or opens again. */
  readonly trialsPerSecond: number;
}

/** A cache in a caller's replica, filled by calls that succeed and lost with its process. */
export interface CacheSpec {
  /** Share of calls it answers when full. */
  readonly hitRatio: number;
  /** Answers it holds when full; the share of hits grows linearly with those it holds. */
  readonly entries: number;
}

/** One service calling another. The calls of a cluster form no cycle. */
export interface CallSpec {
  readonly caller: number;
  readonly callee: number;
  /** Calls per request of the caller, on average. */
  readonly perRequest: number;
  readonly timeoutSeconds: number;
  /** Retries after the first attempt. */
  readonly retriesMax: number;
  /** First pause before a retry; doubles each time, with full jitter. */
  readonly backoffSeconds: number;
  /** Retries allowed as a share of first attempts (token bucket); Infinity = no budget. */
  readonly retryBudgetRatio: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** False: the caller answers without it when the call fails. */
  readonly required: boolean;
  /** Calls a replica of the caller may have under way at once, each holding a connection; null = any number. */
  readonly connectionsMax: number | null;
  /** How long a call waits for a connection before it fails. */
  readonly connectionWaitSeconds: number;
  readonly breaker: BreakerSpec | null;
  readonly cache: CacheSpec | null;
}

/** Where users come in. */
export interface WorkloadSpec {
  readonly name: string;
  readonly service: number;
  readonly requestsPerSecond: number;
  /** Users give up after this. */
  readonly timeoutSeconds: number;
  /** Relative standard deviation of the slow swing of the rate, and how long a swing lasts. */
  readonly swingRatio: number;
  readonly swingSeconds: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** Timings of the orchestrator. */
export interface ControlSpec {
  readonly heartbeatSeconds: number;
  /** Silence after which a node counts as lost and its replicas as not ready. */
  readonly nodeGraceSeconds: number;
  /** Further wait before the replicas of a lost node are started elsewhere. */
  readonly evictionSeconds: number;
  readonly crashBackoffSeconds: number;
  readonly crashBackoffSecondsMax: number;
  /** A replica healthy for this long starts again from the first back-off. */
  readonly crashBackoffResetSeconds: number;
  /** Clocks further off than this make the others reject what a machine's replicas say. */
  readonly clockToleranceSeconds: number;
}

/** How signals reach the agents. */
export interface MonitoringSpec {
  readonly scrapeSeconds: number;
  /** Chance that a component's sample comes one scrape late. */
  readonly lateRatio: number;
  /** Chance that a component's sample never comes. */
  readonly missingRatio: number;
}

export interface ClusterSpec {
  readonly zones: readonly string[];
  readonly nodes: readonly NodeSpec[];
  readonly network: NetworkSpec;
  readonly services: readonly ServiceSpec[];
  readonly calls: readonly CallSpec[];
  readonly workloads: readonly WorkloadSpec[];
  readonly control: ControlSpec;
  readonly monitoring: MonitoringSpec;
  /** Length of one tick of the flow engine. */
  readonly tickSeconds: number;
}
