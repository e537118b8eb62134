/** A random service of a fuzz scenario: everything a scenario file may say about one, extremes included. */

import type { CallSection, ServiceSection, StorageSection } from '../../scenario/index.ts';
import type { Dice } from './dice.ts';

/** How far the numbers go: calls a second and replicas cost time. */
export interface ServiceRoom {
  readonly replicasMax: number;
  /** Names of the nodes; declared placements name them. */
  readonly nodes: readonly string[];
}

/** Everything about a service but its calls. Requests for cores and memory are small, so that most clusters fit. */
export function randomService(dice: Dice, room: ServiceRoom): ServiceSection {
  const replicas = dice.whole(1, room.replicasMax);
  const storage = dice.maybe(0.3, () => randomStorage(dice));
  const cv = dice.one([0, 0.3, 1, 1, 1, 3, 20]);
  const limit = dice.one([64e6, 256e6, 1e9]);
  return {
    replicas,
    replicasRequired: dice.maybe(0.3, () => dice.whole(1, replicas)),
    replicasMax: dice.maybe(0.5, () => dice.whole(replicas, replicas + 3)),
    nodes: dice.maybe(0.2, () => Array.from({ length: replicas }, () => dice.one(room.nodes))),
    // Tables of so many workers take a second to fill.
    workers: dice.chance(0.01) ? 10_000 : dice.one([1, 2, 8, 8, 64]),
    // The request engine keeps room for all that may wait.
    queue: dice.chance(0.04) ? 1_000_000 : dice.one([0, 1, 16, 64, 64]),
    serviceTime: dice.one(['1us', '1ms', '10ms', '100ms', '10s', 1e7]),
    serviceTimeCv: cv,
    serviceTimeShape: dice.maybe(0.3, () => randomShape(dice, cv)),
    balancing: storage === undefined ? dice.one(['random', 'round-robin', 'two-choices']) : undefined,
    failOpen: storage === undefined ? dice.one([0, 0, 0.5, 1]) : undefined,
    cpuPerRequest: dice.one([0, '1us', '2ms', '500ms']),
    cpu: { request: dice.one([0, 0.05, 0.1]), limit: dice.one([0.1, 1, 100]) },
    memory: {
      request: dice.one([0, '16Mi']),
      limit,
      base: dice.maybe(0.5, () => limit * dice.one([0, 0.5, 0.999])),
      perRequest: dice.maybe(0.3, () => dice.one([0, '1Ki', '10Mi'])),
    },
    start: dice.one([0, '10ms', '1s', '20s']),
    warmUp: { duration: dice.one([0, '5s', '30s']), factor: dice.one([1, 2, 1000]) },
    readiness: randomProbe(dice),
    liveness: randomProbe(dice),
    storage,
  };
}

/** A shape that goes with the coefficient of variation. */
function randomShape(dice: Dice, cv: number): NonNullable<ServiceSection['serviceTimeShape']> {
  if (cv === 0) return 'deterministic';
  if (cv === 1) return dice.one(['exponential', 'lognormal', 'gamma']);
  return cv > 1 ? dice.one(['lognormal', 'gamma', 'hyperexponential']) : dice.one(['lognormal', 'gamma']);
}

function randomProbe(dice: Dice): NonNullable<ServiceSection['readiness']> {
  return {
    initialDelay: dice.one([0, 0, '5s', '100s']),
    period: dice.one(['200ms', '1s', '10s', 1e6]),
    timeout: dice.one(['1us', '100ms', '1s', '100s']),
    failureThreshold: dice.one([1, 3, 1000]),
    successThreshold: dice.one([1, 2]),
  };
}

function randomStorage(dice: Dice): StorageSection {
  const disk = dice.one([1e6, 1e9, 1e12]);
  return {
    disk,
    used: disk * dice.one([0, 0.3, 0.94]),
    writeRatio: dice.one([0, 0.2, 1]),
    bytesPerWrite: dice.one([0, '4Ki', '1Mi']),
    compaction: dice.one([0, '1MB/s']),
    operationsPerSecond: dice.one([0.1, 10, 3000, 1e6]),
    operationsPerRequest: dice.one([0, 0.5, 3, 100]),
    watermark: dice.one([0.95, 1]),
    replicationLag: dice.one([0, '1s', '60s']),
    election: dice.one(['1s', '10s', 'never']),
    rebuild: dice.one(['1MB/s', '10GB/s']),
  };
}

/** A random call. */
export function randomCall(dice: Dice): CallSection {
  return {
    perRequest: dice.one([0.01, 0.5, 1, 1, 2.5, 10]),
    timeout: dice.one(['1ms', '50ms', '1s', '1s', '30s']),
    ...dice.one([
      { retries: 0, backoff: 0 },
      { retries: 1, backoff: '10s' },
      { retries: 1, backoff: '25ms' },
      { retries: 3, backoff: '100ms' },
      { retries: 10, backoff: 0 },
      { retries: 10, backoff: '1ms' },
      { retries: 100, backoff: '25ms' },
    ]),
    retryBudget: dice.one([0, 0.2, 10, 'none']),
    request: dice.one([0, '1Ki', '100Ki']),
    response: dice.one([0, '4Ki', '1Mi']),
    required: dice.chance(0.7),
    ...dice.maybe(0.5, () => ({ connections: dice.one([1, 4]), connectionWait: dice.one([0, '100ms', '30s']) })),
    breaker: dice.maybe(0.3, () => ({
      failureRatio: dice.one([0, 0.1, 0.5, 0.9]),
      window: dice.one(['100ms', '2s', '10s']),
      attempts: dice.one([1, 20, 1_000_000]),
      open: dice.one(['100ms', '5s', '30s']),
      trials: dice.one([0.1, 1, 1000]),
    })),
    cache: dice.maybe(0.3, () => ({ hitRatio: dice.one([0.01, 0.5, 1]), entries: dice.one([1, 100, 1_000_000_000]) })),
  };
}
