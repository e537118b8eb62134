/** The schema of a scenario file: which fields there are and within which bounds; also published as JSON Schema (`format/`). */
import { z } from 'zod';
import type {
  BreakerSection,
  CacheSection,
  CallSection,
  ContestSection,
  NodeSection,
  ProbeSection,
  ScenarioDocument,
  ServiceSection,
  StorageSection,
  WorkloadSection,
} from './document.ts';
import { amount, count, nameSchema, quantity, section } from './quantity-schema.ts';

/** Bounds of a cluster, so that a typing mistake does not ask for more memory than there is. */
export const LIMITS = {
  zones: 64,
  nodes: 4096,
  services: 4096,
  replicasPerService: 256,
  replicas: 65_536,
  callsPerService: 256,
  calls: 65_536,
  workloads: 64,
  scriptedFaults: 1024,
  periodSecondsMin: 0.1,
} as const;

const duration = quantity('duration');
const durationPositive = quantity('duration', { above: 0 });
/** What happens again and again: shorter periods would be nothing but events. */
const period = quantity('duration', { min: LIMITS.periodSecondsMin });
const bytes = quantity('bytes');
const bytesPositive = quantity('bytes', { above: 0 });
const ratio = quantity('ratio');
const replicas = count({ min: 1, max: LIMITS.replicasPerService });

const node: z.ZodType<NodeSection> = section({
  name: nameSchema,
  count: count({ min: 1, max: LIMITS.nodes }).optional(),
  zone: nameSchema.optional(),
  cores: quantity('cores', { above: 0 }).optional(),
  memory: bytesPositive.optional(),
  uplink: quantity('bandwidth', { above: 0 }).optional(),
});

const network = section({
  interconnect: quantity('bandwidth', { above: 0 }).optional(),
  uplinkLatency: duration.optional(),
  interconnectLatency: duration.optional(),
  buffer: bytesPositive.optional(),
});

const probe: z.ZodType<ProbeSection> = section({
  initialDelay: duration.optional(),
  period: period.optional(),
  timeout: durationPositive.optional(),
  failureThreshold: count({ min: 1, max: 1000 }).optional(),
  successThreshold: count({ min: 1, max: 1000 }).optional(),
});

const storage: z.ZodType<StorageSection> = section({
  disk: bytesPositive.optional(),
  used: bytes.optional(),
  writeRatio: ratio.optional(),
  bytesPerWrite: bytes.optional(),
  compaction: quantity('bandwidth').optional(),
  operationsPerSecond: quantity('rate', { above: 0 }).optional(),
  operationsPerRequest: amount({ max: 1e4 }).optional(),
  watermark: quantity('ratio', { above: 0 }).optional(),
  replicationLag: duration.optional(),
  election: quantity('duration', { above: 0, word: 'never' }).optional(),
  rebuild: quantity('bandwidth', { above: 0 }).optional(),
});

const breaker: z.ZodType<BreakerSection> = section({
  failureRatio: ratio.optional(),
  window: durationPositive.optional(),
  attempts: count({ min: 1, max: 1e6 }).optional(),
  open: durationPositive.optional(),
  trials: quantity('rate', { above: 0 }).optional(),
});

const cache: z.ZodType<CacheSection> = section({
  hitRatio: ratio.optional(),
  entries: count({ min: 1, max: 1e9 }).optional(),
});

const call: z.ZodType<CallSection> = section({
  perRequest: amount({ above: 0, max: 1000 }).optional(),
  timeout: durationPositive.optional(),
  retries: count({ min: 0, max: 100 }).optional(),
  backoff: duration.optional(),
  retryBudget: quantity('ratio', { max: 1000, word: 'none' }).optional(),
  request: bytes.optional(),
  response: bytes.optional(),
  required: z.boolean({ error: 'write true or false' }).optional(),
  connections: z.union([count({ min: 1, max: 1e6 }), z.literal('unlimited')]).optional(),
  connectionWait: duration.optional(),
  breaker: breaker.optional(),
  cache: cache.optional(),
});

const serviceFields = {
  replicas: replicas.optional(),
  replicasRequired: replicas.optional(),
  replicasMax: replicas.optional(),
  workers: count({ min: 1, max: 10_000 }).optional(),
  queue: count({ min: 0, max: 1_000_000 }).optional(),
  serviceTime: durationPositive.optional(),
  serviceTimeCv: amount({ max: 20 }).optional(),
  serviceTimeShape: word(['exponential', 'lognormal', 'gamma', 'hyperexponential', 'deterministic']).optional(),
  balancing: word(['random', 'round-robin', 'two-choices']).optional(),
  failOpen: ratio.optional(),
  cpuPerRequest: duration.optional(),
  cpu: section({ request: quantity('cores').optional(), limit: quantity('cores', { above: 0 }).optional() }).optional(),
  memory: section({
    request: bytes.optional(),
    limit: bytesPositive.optional(),
    base: bytes.optional(),
    perRequest: bytes.optional(),
  }).optional(),
  start: duration.optional(),
  warmUp: section({ duration: duration.optional(), factor: amount({ min: 1, max: 1000 }).optional() }).optional(),
  readiness: probe.optional(),
  liveness: probe.optional(),
};

const service: z.ZodType<ServiceSection> = section({
  ...serviceFields,
  nodes: list(nameSchema, LIMITS.replicasPerService).optional(),
  storage: storage.optional(),
  calls: map(call, LIMITS.callsPerService).optional(),
});

const workload: z.ZodType<WorkloadSection> = section({
  name: nameSchema,
  service: nameSchema,
  rate: quantity('rate', { above: 0 }),
  timeout: durationPositive.optional(),
  swing: ratio.optional(),
  swingDuration: durationPositive.optional(),
  request: bytes.optional(),
  response: bytes.optional(),
});

const objective = section({
  workload: nameSchema,
  successRatio: ratio.optional(),
  latencyP99: durationPositive.optional(),
});

const contest: z.ZodType<ContestSection> = section({
  decision: section({ chaos: period.optional(), order: period.optional() }).optional(),
  warmUp: duration.optional(),
  duration: durationPositive.optional(),
  recovery: duration.optional(),
  hold: duration.optional(),
  availability: ratio.optional(),
  lostWrites: amount({ max: 1e12 }).optional(),
  shed: ratio.optional(),
  chaosBudget: amount({ max: 1e6 }).optional(),
  faultsConcurrent: count({ min: 0, max: 1000 }).optional(),
  replicaShare: ratio.optional(),
  cooldown: duration.optional(),
  protected: list(nameSchema, 10_000).optional(),
  faults: list(nameSchema, 1000).optional(),
  quiet: ratio.optional(),
  repairBudget: amount({ max: 1e6 }).optional(),
  rewards: section({
    lossWeight: amount({ max: 1e6 }).optional(),
    shortageWeight: amount({ max: 1e6 }).optional(),
    repairCostWeight: amount({ max: 1e6 }).optional(),
    repairedBonus: amount({ max: 1e6 }).optional(),
    faultCostWeight: amount({ max: 1e6 }).optional(),
    regretWeight: amount({ max: 1e6 }).optional(),
  }).optional(),
});

const control = section({
  heartbeat: durationPositive.optional(),
  nodeGrace: durationPositive.optional(),
  eviction: duration.optional(),
  crashBackoff: duration.optional(),
  crashBackoffMax: duration.optional(),
  crashBackoffReset: duration.optional(),
  clockTolerance: duration.optional(),
});

const scriptedFault = section({
  fault: nameSchema,
  target: nameSchema,
  severity: nameSchema,
  start: duration,
  duration: durationPositive.optional(),
  peer: nameSchema.optional(),
  direction: word(['to', 'from', 'both']).optional(),
  mode: word(['one', 'all', 'fixed', 'fixed-percent', 'random-max-percent']).optional(),
  value: amount({ min: 0, max: 1e6 }).optional(),
  parameters: z.record(nameSchema, z.number().min(0).max(1e15)).optional(),
});

/** Checks a scenario document as written; units are checked but not yet converted. */
export const scenarioDocumentSchema: z.ZodType<ScenarioDocument> = section({
  formatVersion: z.literal(1, { error: 'this program reads format version 1' }).optional(),
  name: nameSchema,
  description: z.string({ error: 'write text' }).max(10_000).optional(),
  zones: list(nameSchema, LIMITS.zones).optional(),
  nodes: list(node, LIMITS.nodes, 1),
  network: network.optional(),
  defaults: section({ service: section(serviceFields).optional(), call: call.optional() }).optional(),
  services: map(service, LIMITS.services),
  workloads: list(workload, LIMITS.workloads, 1),
  objectives: list(objective, LIMITS.workloads).optional(),
  contest: contest.optional(),
  control: control.optional(),
  monitoring: section({
    scrape: period.optional(),
    late: ratio.optional(),
    missing: ratio.optional(),
  }).optional(),
  tick: quantity('duration', { min: 0.001, max: 10 }).optional(),
  script: list(scriptedFault, LIMITS.scriptedFaults).optional(),
});

function word<const T extends string>(words: readonly T[]): z.ZodType<T> {
  return z.enum(words, { error: `write one of ${words.join(', ')}` });
}

function list<T>(item: z.ZodType<T>, lengthMax: number, lengthMin = 0): z.ZodType<T[]> {
  return z
    .array(item, { error: 'must be a list' })
    .min(lengthMin, { error: `needs at least ${lengthMin} entry` })
    .max(lengthMax, { error: `has more than ${lengthMax} entries` });
}

function map<T>(value: z.ZodType<T>, sizeMax: number): z.ZodType<Record<string, T>> {
  return z
    .record(nameSchema, value, {
      error: (issue) => (issue.code === 'invalid_type' ? 'must be a map of names' : undefined),
    })
    .refine((record) => Object.keys(record).length <= sizeMax, { error: `has more than ${sizeMax} entries` });
}
