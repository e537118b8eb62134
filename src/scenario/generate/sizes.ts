/** Chooses rates of users, replicas, workers, processors and disks, so that the healthy system is about half busy. */
import { pow, quantile, type RandomStream } from '../../base/index.ts';
import type { ServiceSection } from '../document.ts';
import type { ServiceLoad } from '../load-estimate.ts';
import { between, type DrawnService } from './call-graph.ts';
import { item } from './item.ts';

/** A sized service. */
export interface ServiceDraft {
  readonly section: ServiceSection;
  readonly holdSeconds: number;
}

export interface Sizes {
  readonly services: readonly ServiceDraft[];
  /** Per second, in order of the workloads. */
  readonly workloadRates: readonly number[];
}

interface SizeOptions {
  readonly graph: readonly DrawnService[];
  /** Own time of a request of each service. */
  readonly ownSeconds: readonly number[];
  readonly replicasPerService: number;
  readonly stream: RandomStream;
}

/** Busy workers wished for, and busy share of the cpu limit. */
const BUSY_WORKERS = { least: 0.38, most: 0.52 };
const SPARE_WORKERS = 1.8;
const BUSY_CPU = { least: 0.32, most: 0.48 };
const BUSY_DISK = 0.35;
/** Services with more work have more replicas, and larger ones. */
const REPLICAS = { least: 2, most: 64, exponent: 0.6, factorLeast: 0.8, factorMost: 1.25 };
/** One service in five needs fewer workers than this, all replicas together (times the root of replicas per service). */
const WORKERS_OF_COLD = { share: 0.2, workers: 3.5 };
/** Share of its own time that a service computes; the rest it waits for something outside the model. */
const CPU_SHARE = { least: 0.2, most: 0.5 };
const MEMORY = ['128Mi', '256Mi', '256Mi', '512Mi'];

/** Sizes for services of this load, drafted for a total of any height: only its proportions count. */
export function sizeServices(loads: readonly ServiceLoad[], options: SizeOptions): Sizes {
  const { graph, stream } = options;
  const drawn = graph.map(({ tier }) => ({
    isStore: tier === 'store',
    busy: between(BUSY_WORKERS.least, BUSY_WORKERS.most, stream),
    factor: between(REPLICAS.factorLeast, REPLICAS.factorMost, stream),
    storeReplicas: 2 + stream.integer(2),
  }));
  const demands = loads.map((load, index) => (load.requestsPerSecond * load.holdSeconds) / item(drawn, index).busy);
  const stateless = demands.filter((_, index) => !item(drawn, index).isStore);
  const cold = WORKERS_OF_COLD.workers * Math.sqrt(options.replicasPerService);
  const scale = cold / quantile(stateless, WORKERS_OF_COLD.share);
  const wishes = drawn.map(
    ({ isStore, busy, factor, storeReplicas }, index): Wish => ({
      isStore,
      busy,
      storeReplicas,
      ownSeconds: item(options.ownSeconds, index),
      replicas: factor * pow(scale * item(demands, index), REPLICAS.exponent),
    }),
  );
  const factor = replicasFactor(options.replicasPerService * graph.length, wishes);
  return {
    workloadRates: graph.flatMap(({ tier }, index) =>
      tier === 'entry' ? [Math.max(1, Math.round(scale * item(loads, index).requestsPerSecond))] : [],
    ),
    services: graph.map((_, index) => {
      const { requestsPerSecond, holdSeconds } = item(loads, index);
      const load = { requestsPerSecond: scale * requestsPerSecond, holdSeconds };
      return sizeService(load, { wish: item(wishes, index), factor, stream });
    }),
  };
}

interface Wish {
  readonly isStore: boolean;
  readonly ownSeconds: number;
  readonly busy: number;
  readonly storeReplicas: number;
  /** Of a stateless service, before all are multiplied with the same factor. */
  readonly replicas: number;
}

function replicasOf(wish: Wish, factor: number): number {
  if (wish.isStore) return wish.storeReplicas;
  return Math.max(REPLICAS.least, Math.min(REPLICAS.most, Math.round(factor * wish.replicas)));
}

/** What to multiply the wishes with for this many replicas in all, by halving the interval. */
function replicasFactor(replicas: number, wishes: readonly Wish[]): number {
  const needed = (factor: number) => wishes.reduce((sum, wish) => sum + replicasOf(wish, factor), 0);
  let [low, high] = [0, 1e3];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (needed(middle) < replicas) low = middle;
    else high = middle;
  }
  return high;
}

function sizeService(
  load: Pick<ServiceLoad, 'requestsPerSecond' | 'holdSeconds'>,
  { wish, factor, stream }: { readonly wish: Wish; readonly factor: number; readonly stream: RandomStream },
): ServiceDraft {
  const replicas = replicasOf(wish, factor);
  const rate = load.requestsPerSecond;
  const serving = wish.isStore ? 1 : replicas;
  const busy = (rate * load.holdSeconds) / serving;
  // Square-root staffing: small pools need more idle workers than large ones to keep requests from waiting.
  const workers = Math.ceil(Math.max(busy / wish.busy, busy + SPARE_WORKERS * Math.sqrt(busy)));
  const memory = item(MEMORY, stream.integer(MEMORY.length));
  const section: ServiceSection = {
    replicas,
    replicasMax: wish.isStore ? replicas : Math.ceil(1.3 * replicas) + 1,
    workers,
    queue: 8 * workers,
    memory: { limit: wish.isStore ? '1Gi' : memory },
    ...processors(rate / serving, wish.ownSeconds, stream),
  };
  if (wish.isStore) section.storage = storage(rate, stream);
  return { section, holdSeconds: load.holdSeconds };
}

/** `rate` is that of one replica. */
function processors(
  rate: number,
  ownSeconds: number,
  stream: RandomStream,
): Pick<ServiceSection, 'cpuPerRequest' | 'cpu'> {
  const share = between(CPU_SHARE.least, CPU_SHARE.most, stream);
  const milliseconds = Math.max(0.1, Math.round(1e5 * share * ownSeconds) / 100);
  const busy = between(BUSY_CPU.least, BUSY_CPU.most, stream);
  // Below the second bound, even a request that is alone would wait for its share of a core.
  const limit = 10 * Math.ceil(Math.max(5, (rate * milliseconds) / busy / 10, milliseconds / ownSeconds / 10));
  return { cpuPerRequest: `${milliseconds}ms`, cpu: { request: `${Math.ceil(0.6 * limit)}m`, limit: `${limit}m` } };
}

/** A disk that is a third busy, and compaction that keeps up with twice the writes. */
function storage(rate: number, stream: RandomStream): NonNullable<ServiceSection['storage']> {
  const operationsPerRequest = Math.round(100 * between(0.3, 0.8, stream)) / 100;
  const writePercent = 10 + stream.integer(31);
  const bytesPerWrite = 1024 * (1 + stream.integer(4));
  const operations = Math.max(3000, 500 * Math.ceil((rate * operationsPerRequest) / BUSY_DISK / 500));
  const written = (rate * writePercent * bytesPerWrite) / 100;
  return {
    disk: '20Gi',
    used: '6Gi',
    writeRatio: `${writePercent}%`,
    bytesPerWrite,
    operationsPerRequest,
    operationsPerSecond: operations,
    compaction: Math.max(1e6, 1e5 * Math.ceil((2 * written) / 1e5)),
  };
}
