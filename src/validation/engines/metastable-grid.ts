/**
 * When a retry storm outlives its cause: a service is slowed for a while, then watched. By the threshold law the stuck
 * state sustains itself if and only if load * (1 + retries) exceeds capacity, given a queue longer than the time-out.
 */

import { MeasuredCluster, type MeasuredEngine } from './measured-cluster.ts';
import { frontService, modelCall, modelCluster, modelService } from './model-cluster.ts';

export type GridEngine = Exclude<MeasuredEngine, 'even flow'>;

/** One run per seed of one combination on one engine. */
export interface GridCell {
  readonly retries: number;
  /** Load over the threshold, capacity / (1 + retries). */
  readonly ratio: number;
  readonly engine: GridEngine;
  /** Runs, and those of them that got over it. */
  readonly runs: number;
  readonly recovered: number;
}

export const gridRetries: readonly number[] = [0, 1, 2, 3];
export const gridRatios: readonly number[] = [0.7, 0.85, 0.95, 1.05, 1.15, 1.3];

/** Ratios further than this from the threshold have to agree with the law and with each other. */
export const NEAR_THRESHOLD = 0.1;

const WORKERS = 10;
const SERVICE_SECONDS = 0.1;
const CAPACITY: number = WORKERS / SERVICE_SECONDS;
const TIMEOUT_SECONDS = 1;
const QUEUE_MAX = 10_000;
const SLOW_FACTOR = 20;
const CALM_SECONDS = 30;
const SLOW_SECONDS = 40;
/** At 0.85 of the threshold the backlog takes about five times as long to drain as it took to build. */
const WATCH_SECONDS = 900;
const LOOK_SECONDS = 60;
/** Right answers per user that count as recovered. */
const RECOVERED_RATIO = 0.9;

/** Runs one combination. */
export function runGridCell(
  of: { readonly retries: number; readonly ratio: number; readonly engine: GridEngine },
  { seed, seeds }: { readonly seed: number; readonly seeds: number },
): GridCell {
  let recovered = 0;
  for (let index = 0; index < seeds; index += 1) if (recovers(of, `validate/${seed}/grid/${index}`)) recovered += 1;
  return { ...of, runs: seeds, recovered };
}

function recovers({ retries, ratio, engine }: Pick<GridCell, 'retries' | 'ratio' | 'engine'>, seed: string): boolean {
  const spec = modelCluster({
    services: [
      frontService('front'),
      modelService('back', { workers: WORKERS, serviceTimeSeconds: SERVICE_SECONDS, queueMax: QUEUE_MAX }),
    ],
    calls: [modelCall(0, 1, { timeoutSeconds: TIMEOUT_SECONDS, retriesMax: retries, backoffSeconds: 0.1 })],
    requestsPerSecond: (ratio * CAPACITY) / (1 + retries),
  });
  const cluster = new MeasuredCluster(spec, engine, seed);
  cluster.pass(CALM_SECONDS);
  const owner = cluster.start('replicaSlow', 1, SLOW_FACTOR);
  cluster.pass(SLOW_SECONDS);
  cluster.end(owner);
  cluster.pass(WATCH_SECONDS);
  cluster.take(1);
  const { users } = cluster.window(LOOK_SECONDS);
  return users.good >= RECOVERED_RATIO * users.offered;
}

/** Whether the law says that it gets over it. */
export function lawRecovers({ ratio }: Pick<GridCell, 'ratio'>): boolean {
  return ratio < 1;
}

/** Of the cells away from the threshold: the share on which both engines fare alike in most runs, and as the law says. */
export function gridAgreement(cells: readonly GridCell[]): { readonly engines: number; readonly law: number } {
  const far = cells.filter(({ ratio }) => Math.abs(ratio - 1) > NEAR_THRESHOLD);
  const request = far.filter(({ engine }) => engine === 'request');
  const alike = request.filter((cell) => {
    const other = far.find(
      (flow) => flow.engine === 'flow' && flow.retries === cell.retries && flow.ratio === cell.ratio,
    );
    return other !== undefined && mostly(other) === mostly(cell);
  });
  const lawful = far.filter((cell) => mostly(cell) === lawRecovers(cell));
  return { engines: alike.length / request.length, law: lawful.length / far.length };
}

function mostly({ recovered, runs }: GridCell): boolean {
  return recovered > runs / 2;
}
