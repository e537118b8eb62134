/** One system of the theory table: how to run it on which engine, and what theory says about it. */

import type { ClusterSpec } from '../../cluster/index.ts';
import { MeasuredCluster, type Window } from '../engines/measured-cluster.ts';
import { beginningAnew, type Quantity, type Simulation } from './simulation.ts';

/** What runs a case: an engine of the product, or a station wired from kernel queue and random streams. */
type TheoryEngine = ProductEngine | 'station';

/** The product's engines; `flow` is asked at a constant rate. */
type ProductEngine = 'flow' | 'request';

/** One system with everything theory says about it. */
export interface TheoryCase {
  /** Number in the reference table, or `hard`. */
  readonly row: string;
  readonly title: string;
  readonly engine: TheoryEngine;
  readonly quantities: readonly CaseQuantity[];
  /** Batches thrown away until the start is forgotten. */
  readonly warmUpBatches: number;
  /** Batches at most in a full run. */
  readonly batchesMax: number;
  /** Greatest standard error over theory that still counts as measured. */
  readonly errorMax: number;
  /** Left out of quick runs, which have no time for it. */
  readonly fullOnly: boolean;
  start(options: CaseOptions): Simulation;
}

/** A quantity, and by how much it may differ where dice are no excuse. */
export interface CaseQuantity extends Quantity {
  /** Allowed relative deviation beside the standard errors; default 0. */
  readonly tolerance?: number;
}

interface CaseOptions {
  readonly seed: string;
  /** Every service rate is multiplied by this: 1, or something else to see the check fail. */
  readonly rateFactor: number;
  /** Length of a batch over that of a full run. */
  readonly batchFactor: number;
}

/** A quantity of a cluster, and how to read it from a window; without that it is among the samples. */
export interface ClusterQuantity extends CaseQuantity {
  read?(window: Window): number;
  /** Engines that know it; default both. */
  readonly engines?: readonly ProductEngine[];
  /** Allowed relative deviation of `flow`, which has no dice; default 1e-3. */
  readonly flowTolerance?: number;
}

/** A system that both engines run from one spec. */
export interface ClusterCaseOptions {
  readonly row: string;
  readonly title: string;
  /** The cluster when every service rate is multiplied by a factor. */
  spec(rateFactor: number): ClusterSpec;
  readonly quantities: readonly ClusterQuantity[];
  /** Length of a batch of `request` in a full run. */
  readonly batchSeconds: number;
  readonly warmUpBatches?: number;
  readonly batchesMax?: number;
  readonly errorMax?: number;
  readonly fullOnly?: boolean;
  readonly engines?: readonly ProductEngine[];
  /** How long `flow` takes to come to rest. */
  readonly flowSeconds?: number;
  /** Sets effects before the first window. */
  prepare?(cluster: MeasuredCluster): void;
  /** Looks at the cluster now and then. */
  readonly samples?: Samples;
}

/** Quantities that are the mean over equally spaced looks at the cluster (of `request`; `flow` has no such states). */
interface Samples {
  readonly intervalSeconds: number;
  /** What is seen at a look, by the name of its quantity. */
  readonly values: Readonly<Record<string, (cluster: MeasuredCluster) => number>>;
}

/** In this time a fluid at up to 0.95 of its capacity has come to rest. */
const FLOW_SECONDS = 600;
const FLOW_READ_SECONDS = 10;
const FLOW_TOLERANCE = 1e-3;
const WARM_UP_BATCHES = 2;

/** The case on each engine that runs it. */
export function clusterCases(options: ClusterCaseOptions): TheoryCase[] {
  const engines = options.engines ?? (['flow', 'request'] as const);
  return engines.flatMap((engine) => {
    const known = options.quantities.filter((quantity) => quantity.engines?.includes(engine) ?? true);
    return known.length === 0 ? [] : [clusterCase(options, engine, known)];
  });
}

function clusterCase(
  options: ClusterCaseOptions,
  engine: ProductEngine,
  known: readonly ClusterQuantity[],
): TheoryCase {
  const { row, title, spec, prepare } = options;
  const isFlow = engine === 'flow';
  return {
    row,
    title,
    engine,
    quantities: known.map((quantity) => ({
      name: quantity.name,
      theory: quantity.theory,
      ...(quantity.scale === undefined ? {} : { scale: quantity.scale }),
      tolerance: isFlow ? (quantity.flowTolerance ?? FLOW_TOLERANCE) : (quantity.tolerance ?? 0),
    })),
    warmUpBatches: isFlow ? 0 : (options.warmUpBatches ?? WARM_UP_BATCHES),
    batchesMax: isFlow ? 1 : (options.batchesMax ?? 400),
    errorMax: options.errorMax ?? 0.01,
    fullOnly: !isFlow && (options.fullOnly ?? false),
    start: ({ seed, rateFactor, batchFactor }) => {
      const batchSeconds = isFlow ? FLOW_READ_SECONDS : options.batchSeconds * batchFactor;
      const samples = isFlow ? undefined : options.samples;
      const begin = (part: number): Simulation => {
        const cluster = new MeasuredCluster(spec(rateFactor), isFlow ? 'even flow' : engine, `${seed}/${part}`);
        prepare?.(cluster);
        if (isFlow) cluster.window(options.flowSeconds ?? FLOW_SECONDS);
        return { batch: () => readBatch(cluster, known, { batchSeconds, samples }) };
      };
      return beginningAnew(begin, { batchSeconds, warmUpBatches: options.warmUpBatches ?? WARM_UP_BATCHES });
    },
  };
}

/** Runs for a batch and reads every quantity. */
function readBatch(
  cluster: MeasuredCluster,
  known: readonly ClusterQuantity[],
  { batchSeconds, samples }: { readonly batchSeconds: number; readonly samples: Samples | undefined },
): number[] {
  const seen = passSampled(cluster, batchSeconds, samples);
  const window = cluster.take(batchSeconds);
  return known.map(({ name, read }) => seen[name] ?? read?.(window) ?? Number.NaN);
}

/** Runs for a batch; returns the means of what was looked at. */
function passSampled(
  cluster: MeasuredCluster,
  batchSeconds: number,
  samples: Samples | undefined,
): Record<string, number> {
  const end = cluster.nowSeconds + batchSeconds;
  const entries = Object.entries(samples?.values ?? {});
  const sums = entries.map(() => 0);
  let looks = 0;
  while (samples !== undefined && cluster.nowSeconds + samples.intervalSeconds < end) {
    cluster.pass(samples.intervalSeconds);
    looks += 1;
    entries.forEach(([, value], index) => {
      sums[index]! += value(cluster);
    });
  }
  cluster.pass(end - cluster.nowSeconds);
  return Object.fromEntries(entries.map(([name], index) => [name, sums[index]! / looks]));
}

/** Mean seconds users waited for their answers. */
export function sojourn({ users }: Window): number {
  return users.latencySum / users.answered;
}
