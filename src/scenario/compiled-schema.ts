/** The schema of a compiled scenario, for scenarios that come back from a recording as JSON. */
import { z } from 'zod';
import type { CallSpec, ClusterSpec, NodeSpec, ServiceSpec, WorkloadSpec } from '../cluster/index.ts';
import type { ContestRules, Scenario } from './scenario.ts';
import { LIMITS } from './schema.ts';

const zeroOrMore = z.number().min(0).max(1e15);
const positive = z.number().gt(0).max(1e15);
const period = z.number().min(LIMITS.periodSecondsMin).max(1e7);
const share = z.number().min(0).max(1);
const wholeNumber = z.int().min(0).max(1e9);
const index = z.int().min(0).max(1e6);
const threshold = z.int().min(1).max(1000);
const name = z.string().min(1).max(600);
const replicas = z.int().min(1).max(LIMITS.replicasPerService);

const node: z.ZodType<NodeSpec> = z.strictObject({
  name,
  zone: index,
  cores: positive,
  memoryBytes: positive,
  uplinkBytesPerSecond: positive,
});

const probe = z.strictObject({
  initialDelaySeconds: zeroOrMore,
  periodSeconds: period,
  timeoutSeconds: positive,
  failureThreshold: threshold,
  successThreshold: threshold,
});

const storage = z.strictObject({
  diskBytes: positive,
  usedBytes: zeroOrMore,
  writeRatio: share,
  bytesPerWrite: zeroOrMore,
  compactionBytesPerSecond: zeroOrMore,
  operationsPerSecondMax: positive,
  operationsPerRequest: zeroOrMore,
  watermarkRatio: share,
  replicationLagSeconds: zeroOrMore,
  electionSeconds: positive.nullable(),
  rebuildBytesPerSecond: positive,
});

const service: z.ZodType<ServiceSpec> = z.strictObject({
  name,
  replicas,
  replicasRequired: replicas,
  replicasMax: replicas,
  placement: z.array(index).max(LIMITS.replicasPerService),
  workers: z.int().min(1).max(10_000),
  queueMax: wholeNumber,
  serviceTimeSeconds: positive,
  serviceTimeCv: zeroOrMore,
  serviceTimeShape: z.enum(['exponential', 'lognormal', 'gamma', 'hyperexponential', 'deterministic']),
  balancing: z.enum(['random', 'round-robin', 'two-choices']),
  failOpenRatio: share,
  cpuSecondsPerRequest: zeroOrMore,
  cpuLimitCores: positive,
  cpuRequestCores: zeroOrMore,
  memoryLimitBytes: positive,
  memoryRequestBytes: zeroOrMore,
  memoryBaseBytes: zeroOrMore,
  memoryPerRequestBytes: zeroOrMore,
  startSeconds: zeroOrMore,
  warmUpSeconds: zeroOrMore,
  warmUpFactor: z.number().min(1).max(1e6),
  readiness: probe,
  liveness: probe,
  storage: storage.nullable(),
});

const breaker = z.strictObject({
  failureRatioMax: share,
  windowSeconds: positive,
  attemptsMin: z.int().min(1).max(1e6),
  openSeconds: positive,
  trialsPerSecond: positive,
});

const cache = z.strictObject({ hitRatio: share, entries: z.int().min(1).max(1e9) });

const call: z.ZodType<CallSpec> = z.strictObject({
  caller: index,
  callee: index,
  perRequest: positive,
  timeoutSeconds: positive,
  retriesMax: wholeNumber,
  backoffSeconds: zeroOrMore,
  retryBudgetRatio: zeroOrMore,
  requestBytes: zeroOrMore,
  responseBytes: zeroOrMore,
  required: z.boolean(),
  connectionsMax: z.int().min(1).max(1e6).nullable(),
  connectionWaitSeconds: zeroOrMore,
  breaker: breaker.nullable(),
  cache: cache.nullable(),
});

const workload: z.ZodType<WorkloadSpec> = z.strictObject({
  name,
  service: index,
  requestsPerSecond: positive,
  timeoutSeconds: positive,
  swingRatio: share,
  swingSeconds: positive,
  requestBytes: zeroOrMore,
  responseBytes: zeroOrMore,
});

const cluster: z.ZodType<ClusterSpec> = z.strictObject({
  zones: z.array(name).min(1).max(LIMITS.zones),
  nodes: z.array(node).min(1).max(LIMITS.nodes),
  network: z.strictObject({
    interconnectBytesPerSecond: positive,
    uplinkLatencySeconds: zeroOrMore,
    interconnectLatencySeconds: zeroOrMore,
    bufferBytes: positive,
  }),
  services: z.array(service).min(1).max(LIMITS.services),
  calls: z.array(call).max(LIMITS.calls),
  workloads: z.array(workload).min(1).max(LIMITS.workloads),
  control: z.strictObject({
    heartbeatSeconds: positive,
    nodeGraceSeconds: positive,
    evictionSeconds: zeroOrMore,
    crashBackoffSeconds: zeroOrMore,
    crashBackoffSecondsMax: zeroOrMore,
    crashBackoffResetSeconds: zeroOrMore,
    clockToleranceSeconds: zeroOrMore,
  }),
  monitoring: z.strictObject({ scrapeSeconds: period, lateRatio: share, missingRatio: share }),
  tickSeconds: positive,
});

const contest: z.ZodType<ContestRules> = z.strictObject({
  decisionSeconds: z.strictObject({ chaos: period, order: period }),
  warmUpSeconds: zeroOrMore,
  contestSeconds: positive,
  recoverySeconds: zeroOrMore,
  holdSeconds: zeroOrMore,
  availabilityMin: share,
  lostWritesMax: zeroOrMore,
  shedRatioMax: share,
  chaosBudget: zeroOrMore,
  faultsConcurrentMax: wholeNumber,
  replicaShareMax: share,
  cooldownSeconds: zeroOrMore,
  protected: z.array(index).max(10_000),
  faultsAllowed: z.array(name).max(1000).nullable(),
  quietRatio: share,
  repairBudget: zeroOrMore,
  rewards: z.strictObject({
    lossWeight: zeroOrMore,
    shortageWeight: zeroOrMore,
    repairCostWeight: zeroOrMore,
    repairedBonus: zeroOrMore,
    faultCostWeight: zeroOrMore,
    regretWeight: zeroOrMore,
  }),
});

/** Types and bounds of every field; that indices exist and fields agree is checked in `validate-scenario.ts`. */
export const compiledScenarioSchema: z.ZodType<Scenario> = z.strictObject({
  formatVersion: z.literal(1),
  name,
  description: z.string().max(10_000),
  cluster,
  objectives: z
    .array(z.strictObject({ workload: index, successRatioMin: share, latencyP99SecondsMax: positive }))
    .max(LIMITS.workloads),
  contest,
  script: z
    .array(
      z.strictObject({
        fault: name,
        target: name,
        severity: name,
        startSeconds: zeroOrMore,
        durationSeconds: positive.nullable(),
        peer: name.nullable(),
        direction: z.enum(['to', 'from', 'both']),
        mode: z.enum(['one', 'all', 'fixed', 'fixed-percent', 'random-max-percent']).nullable(),
        value: zeroOrMore.nullable(),
        parameters: z.record(name, zeroOrMore),
      }),
    )
    .max(LIMITS.scriptedFaults),
});
