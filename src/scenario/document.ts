/** The scenario file as a person writes it: every field of the YAML document, before units and defaults. */

import type { Balancing, ServiceTimeShape } from '../cluster/index.ts';

/** A number in the base unit (seconds, bytes, cores, requests per second, ratio), or text with a unit such as `250ms`. */
export type Quantity = number | string;

/** A machine, or `count` alike machines named `<name>-1`, `<name>-2` ... */
export interface NodeSection {
  name: string;
  count?: number | undefined;
  /** Left out: zones are taken in turn. */
  zone?: string | undefined;
  cores?: Quantity | undefined;
  memory?: Quantity | undefined;
  uplink?: Quantity | undefined;
}

export interface NetworkSection {
  interconnect?: Quantity | undefined;
  uplinkLatency?: Quantity | undefined;
  interconnectLatency?: Quantity | undefined;
  buffer?: Quantity | undefined;
}

export interface ProbeSection {
  initialDelay?: Quantity | undefined;
  period?: Quantity | undefined;
  timeout?: Quantity | undefined;
  failureThreshold?: number | undefined;
  successThreshold?: number | undefined;
}

/** What makes a service stateful. An empty section takes every default. */
export interface StorageSection {
  disk?: Quantity | undefined;
  used?: Quantity | undefined;
  writeRatio?: Quantity | undefined;
  bytesPerWrite?: Quantity | undefined;
  compaction?: Quantity | undefined;
  operationsPerSecond?: Quantity | undefined;
  operationsPerRequest?: number | undefined;
  watermark?: Quantity | undefined;
  replicationLag?: Quantity | undefined;
  /** Time until a follower is promoted by itself, or `never`. */
  election?: Quantity | undefined;
  rebuild?: Quantity | undefined;
}

/** When a caller stops calling for a while. */
export interface BreakerSection {
  failureRatio?: Quantity | undefined;
  window?: Quantity | undefined;
  /** Fewest attempts in a window that count. */
  attempts?: number | undefined;
  open?: Quantity | undefined;
  /** Trials a second while half open. */
  trials?: Quantity | undefined;
}

/** A cache of answers in each replica of the caller. */
export interface CacheSection {
  hitRatio?: Quantity | undefined;
  entries?: number | undefined;
}

/** A call to another service; `calls` maps the callee's name to it. An empty section takes every default. */
export interface CallSection {
  perRequest?: number | undefined;
  timeout?: Quantity | undefined;
  retries?: number | undefined;
  backoff?: Quantity | undefined;
  /** Retries as a share of first attempts, or `none` for no limit. */
  retryBudget?: Quantity | undefined;
  request?: Quantity | undefined;
  response?: Quantity | undefined;
  required?: boolean | undefined;
  /** Calls that a replica may have under way at once, or `unlimited`. */
  connections?: number | 'unlimited' | undefined;
  connectionWait?: Quantity | undefined;
  /** An empty section takes every default; left out, there is no breaker. */
  breaker?: BreakerSection | undefined;
  /** Left out, there is no cache. */
  cache?: CacheSection | undefined;
}

/** What `defaults.service` may state for all services. */
export interface ServiceDefaultsSection {
  replicas?: number | undefined;
  replicasRequired?: number | undefined;
  replicasMax?: number | undefined;
  workers?: number | undefined;
  queue?: number | undefined;
  serviceTime?: Quantity | undefined;
  serviceTimeCv?: number | undefined;
  /** Left out: deterministic for a `serviceTimeCv` of 0, exponential for 1, else lognormal. */
  serviceTimeShape?: ServiceTimeShape | undefined;
  balancing?: Balancing | undefined;
  failOpen?: Quantity | undefined;
  cpuPerRequest?: Quantity | undefined;
  cpu?: { request?: Quantity | undefined; limit?: Quantity | undefined } | undefined;
  memory?:
    | {
        request?: Quantity | undefined;
        limit?: Quantity | undefined;
        base?: Quantity | undefined;
        perRequest?: Quantity | undefined;
      }
    | undefined;
  /** From scheduling to the first served request. */
  start?: Quantity | undefined;
  warmUp?: { duration?: Quantity | undefined; factor?: number | undefined } | undefined;
  readiness?: ProbeSection | undefined;
  liveness?: ProbeSection | undefined;
}

export interface ServiceSection extends ServiceDefaultsSection {
  /** Names of the nodes of the replicas, one per replica; left out, the scheduler spreads them. */
  nodes?: string[] | undefined;
  storage?: StorageSection | undefined;
  calls?: Record<string, CallSection> | undefined;
}

/** Where users come in. */
export interface WorkloadSection {
  name: string;
  service: string;
  rate: Quantity;
  timeout?: Quantity | undefined;
  swing?: Quantity | undefined;
  swingDuration?: Quantity | undefined;
  request?: Quantity | undefined;
  response?: Quantity | undefined;
}

export interface ObjectiveSection {
  workload: string;
  successRatio?: Quantity | undefined;
  latencyP99?: Quantity | undefined;
}

interface RewardsSection {
  lossWeight?: number | undefined;
  shortageWeight?: number | undefined;
  repairCostWeight?: number | undefined;
  repairedBonus?: number | undefined;
  faultCostWeight?: number | undefined;
  regretWeight?: number | undefined;
}

export interface ContestSection {
  decision?: { chaos?: Quantity | undefined; order?: Quantity | undefined } | undefined;
  warmUp?: Quantity | undefined;
  duration?: Quantity | undefined;
  recovery?: Quantity | undefined;
  hold?: Quantity | undefined;
  availability?: Quantity | undefined;
  lostWrites?: number | undefined;
  shed?: Quantity | undefined;
  chaosBudget?: number | undefined;
  faultsConcurrent?: number | undefined;
  replicaShare?: Quantity | undefined;
  cooldown?: Quantity | undefined;
  /** Names of components that chaos must leave alone. */
  protected?: string[] | undefined;
  /** Names of the faults chaos may use; left out, all. */
  faults?: string[] | undefined;
  quiet?: Quantity | undefined;
  repairBudget?: number | undefined;
  rewards?: RewardsSection | undefined;
}

export interface ControlSection {
  heartbeat?: Quantity | undefined;
  nodeGrace?: Quantity | undefined;
  eviction?: Quantity | undefined;
  crashBackoff?: Quantity | undefined;
  crashBackoffMax?: Quantity | undefined;
  crashBackoffReset?: Quantity | undefined;
  clockTolerance?: Quantity | undefined;
}

export interface MonitoringSection {
  scrape?: Quantity | undefined;
  late?: Quantity | undefined;
  missing?: Quantity | undefined;
}

export interface ScriptedFaultSection {
  fault: string;
  target: string;
  severity: string;
  /** Counted from the end of the warm-up. */
  start: Quantity;
  /** Left out: as long as the fault lasts by itself. */
  duration?: Quantity | undefined;
  /** Only what passes between the target and this service. */
  peer?: string | undefined;
  /** Which way, seen from the target: what it sends `to` the others, what it gets `from` them, or both. */
  direction?: 'to' | 'from' | 'both' | undefined;
  /** How many replicas: `one`, `all`, or so many with `value`; left out, as the severity says. */
  mode?: 'one' | 'all' | 'fixed' | 'fixed-percent' | 'random-max-percent' | undefined;
  value?: number | undefined;
  /** Instead of those of the severity. */
  parameters?: Record<string, number> | undefined;
}

/** A whole scenario file. */
export interface ScenarioDocument {
  formatVersion?: 1 | undefined;
  name: string;
  description?: string | undefined;
  zones?: string[] | undefined;
  nodes: NodeSection[];
  network?: NetworkSection | undefined;
  defaults?: { service?: ServiceDefaultsSection | undefined; call?: CallSection | undefined } | undefined;
  services: Record<string, ServiceSection>;
  workloads: WorkloadSection[];
  objectives?: ObjectiveSection[] | undefined;
  contest?: ContestSection | undefined;
  control?: ControlSection | undefined;
  monitoring?: MonitoringSection | undefined;
  /** Length of a tick of the flow engine. */
  tick?: Quantity | undefined;
  script?: ScriptedFaultSection[] | undefined;
}

/** A file that says how a scenario differs from another one. */
export interface VariantDocument extends Partial<ScenarioDocument> {
  extends: string | string[];
}
