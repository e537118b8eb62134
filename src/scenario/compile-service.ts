/** Compiles one service section: defaults laid under it, units converted, derived fields filled in. */
import type {
  BreakerSpec,
  CacheSpec,
  CallSpec,
  ProbeSpec,
  ServiceSpec,
  ServiceTimeShape,
  StorageSpec,
} from '../cluster/index.ts';
import {
  type Complete,
  DEFAULT_BREAKER,
  DEFAULT_CACHE,
  DEFAULT_CALL,
  DEFAULT_PROBE,
  DEFAULT_SERVICE,
  DEFAULT_STORAGE,
} from './defaults.ts';
import type {
  BreakerSection,
  CacheSection,
  CallSection,
  ProbeSection,
  ServiceDefaultsSection,
  ServiceSection,
  StorageSection,
} from './document.ts';
import { layered } from './layered.ts';
import { LIMITS } from './schema.ts';
import { bytes, bytesPerSecond, cores, perSecond, ratio, seconds } from './units.ts';

/** Retry budget of a call without one: never exhausted by any number of retries, and still JSON. */
export const RETRY_BUDGET_NONE = 1e6;

/** The service, without its calls. `placement` holds node indices. */
export function compileService(
  name: string,
  written: ServiceSection,
  options: { defaults: ServiceDefaultsSection; placement: number[] },
): ServiceSpec {
  const section: ServiceSection & typeof DEFAULT_SERVICE = layered(DEFAULT_SERVICE, options.defaults, written);
  return {
    name,
    replicas: section.replicas,
    // Of several replicas one may be missing for a while, as with Kubernetes' default disruption budgets.
    replicasRequired: section.replicasRequired ?? Math.max(1, section.replicas - 1),
    replicasMax: section.replicasMax ?? Math.min(LIMITS.replicasPerService, section.replicas * 2),
    placement: options.placement,
    workers: section.workers,
    queueMax: section.queue,
    serviceTimeSeconds: seconds(section.serviceTime),
    serviceTimeCv: section.serviceTimeCv,
    serviceTimeShape: section.serviceTimeShape ?? shapeFor(section.serviceTimeCv),
    balancing: section.balancing,
    failOpenRatio: ratio(section.failOpen),
    cpuSecondsPerRequest: seconds(section.cpuPerRequest),
    ...compileCpu(section.cpu),
    ...compileMemory(section.memory, section.workers + section.queue),
    startSeconds: seconds(section.start),
    warmUpSeconds: seconds(section.warmUp.duration),
    warmUpFactor: section.warmUp.factor,
    readiness: compileProbe(section.readiness),
    liveness: compileProbe(section.liveness),
    storage: written.storage === undefined ? null : compileStorage(written.storage),
  };
}

/** The call between two services given by index. */
export function compileCall(
  ends: { caller: number; callee: number },
  written: CallSection,
  defaults: CallSection,
): CallSpec {
  const section: CallSection & typeof DEFAULT_CALL = layered(DEFAULT_CALL, defaults, written);
  return {
    ...ends,
    perRequest: section.perRequest,
    timeoutSeconds: seconds(section.timeout),
    retriesMax: section.retries,
    backoffSeconds: seconds(section.backoff),
    retryBudgetRatio: section.retryBudget === 'none' ? RETRY_BUDGET_NONE : ratio(section.retryBudget),
    requestBytes: bytes(section.request),
    responseBytes: bytes(section.response),
    required: section.required,
    connectionsMax: section.connections === 'unlimited' ? null : section.connections,
    connectionWaitSeconds: seconds(section.connectionWait),
    breaker: section.breaker === undefined ? null : compileBreaker(section.breaker),
    cache: section.cache === undefined ? null : compileCache(section.cache),
  };
}

function compileCache(written: CacheSection): CacheSpec {
  const cache: Complete<CacheSection> = layered(DEFAULT_CACHE, written);
  return { hitRatio: ratio(cache.hitRatio), entries: cache.entries };
}

function shapeFor(variation: number): ServiceTimeShape {
  if (variation === 0) return 'deterministic';
  return variation === 1 ? 'exponential' : 'lognormal';
}

function compileBreaker(written: BreakerSection): BreakerSpec {
  const breaker: Complete<BreakerSection> = layered(DEFAULT_BREAKER, written);
  return {
    failureRatioMax: ratio(breaker.failureRatio),
    windowSeconds: seconds(breaker.window),
    attemptsMin: breaker.attempts,
    openSeconds: seconds(breaker.open),
    trialsPerSecond: perSecond(breaker.trials),
  };
}

/** What is not requested is a quarter of the limit, so that pods are packed as tightly as clusters usually are. */
function compileCpu(cpu: NonNullable<ServiceSection['cpu']> & typeof DEFAULT_SERVICE.cpu) {
  const cpuLimitCores = cores(cpu.limit);
  const cpuRequestCores = cpu.request === undefined ? cpuLimitCores / 4 : cores(cpu.request);
  return { cpuLimitCores, cpuRequestCores };
}

/** Unless stated, a process uses 40 % of its limit at rest, and half of the rest when all workers and the queue are full. */
function compileMemory(
  memory: NonNullable<ServiceSection['memory']> & typeof DEFAULT_SERVICE.memory,
  requestsMax: number,
) {
  const memoryLimitBytes = bytes(memory.limit);
  const memoryBaseBytes = memory.base === undefined ? 0.4 * memoryLimitBytes : bytes(memory.base);
  return {
    memoryLimitBytes,
    memoryRequestBytes: memory.request === undefined ? memoryLimitBytes / 2 : bytes(memory.request),
    memoryBaseBytes,
    memoryPerRequestBytes:
      memory.perRequest === undefined
        ? Math.max(0, memoryLimitBytes - memoryBaseBytes) / (2 * requestsMax)
        : bytes(memory.perRequest),
  };
}

function compileProbe(written: ProbeSection): ProbeSpec {
  const probe: Complete<ProbeSection> = layered(DEFAULT_PROBE, written);
  return {
    initialDelaySeconds: seconds(probe.initialDelay),
    periodSeconds: seconds(probe.period),
    timeoutSeconds: seconds(probe.timeout),
    failureThreshold: probe.failureThreshold,
    successThreshold: probe.successThreshold,
  };
}

function compileStorage(written: StorageSection): StorageSpec {
  const storage: Complete<StorageSection> = layered(DEFAULT_STORAGE, written);
  return {
    diskBytes: bytes(storage.disk),
    usedBytes: bytes(storage.used),
    writeRatio: ratio(storage.writeRatio),
    bytesPerWrite: bytes(storage.bytesPerWrite),
    compactionBytesPerSecond: bytesPerSecond(storage.compaction),
    operationsPerSecondMax: perSecond(storage.operationsPerSecond),
    operationsPerRequest: storage.operationsPerRequest,
    watermarkRatio: ratio(storage.watermark),
    replicationLagSeconds: seconds(storage.replicationLag),
    electionSeconds: storage.election === 'never' ? null : seconds(storage.election),
    rebuildBytesPerSecond: bytesPerSecond(storage.rebuild),
  };
}
