/**
 * Between which values a signal can lie, in its own unit: none is ever below 0. What counts against a limit, against
 * what was declared or against what a link can carry may lie above 1, but not so far above as percent do.
 */

const SHARE = 1;
/** Use against a limit that may be passed for a while, and replicas while more run than are declared. */
const AGAINST_LIMIT = 10;
const UNBOUNDED = Number.POSITIVE_INFINITY;

/** The most each signal can be. */
const maxima: Readonly<Record<string, number>> = {
  requestRate: UNBOUNDED,
  errorRatio: SHARE,
  latencyMean: UNBOUNDED,
  latencyP99: UNBOUNDED,
  cpu: AGAINST_LIMIT,
  memory: AGAINST_LIMIT,
  readyRatio: AGAINST_LIMIT,
  restarts: UNBOUNDED,
  // Queues have no end that holds everywhere, and a link may be offered many times what it carries.
  saturation: UNBOUNDED,
  retryRatio: SHARE,
  replicaSpread: SHARE,
  nodeReady: SHARE,
  utilisation: UNBOUNDED,
  roundTrip: UNBOUNDED,
  loss: SHARE,
  foreignShare: UNBOUNDED,
  diskUsed: SHARE,
  diskAwait: UNBOUNDED,
  diskErrors: SHARE,
  replicationLag: UNBOUNDED,
};

/** Shares of two counters read at slightly different times come out a little above 1. */
const SLACK = 0.01;

/** What is wrong with the value of a signal, and what may have been meant. */
export interface BoundsBreach {
  readonly message: string;
  readonly hint?: string;
}

/** Undefined where the value can be. */
export function boundsBreach(signal: string, value: number): BoundsBreach | undefined {
  if (value < 0) return { message: `${value} is below 0, which ${signal} never is` };
  const max = signalMax(signal);
  if (value <= max * (1 + SLACK)) return undefined;
  return {
    message: `${value} is more than ${max}, the most ${signal} can be`,
    hint: `It is a ratio: if ${value} % was meant, write ${Number((value / 100).toPrecision(6))}.`,
  };
}

/** Whether a signal can be no more than the 1 at which the scale of an observation ends. */
export function endsAtOne(signal: string): boolean {
  return signalMax(signal) === SHARE;
}

/** Names and bounds of all signals as a part of a JSON Schema, for editors. */
export function signalProperties(): Readonly<Record<string, object>> {
  const bounds = (max: number): object => (max === UNBOUNDED ? {} : { maximum: max });
  return Object.fromEntries(
    Object.entries(maxima).map(([name, max]) => [name, { type: 'number', minimum: 0, ...bounds(max) }]),
  );
}

/** A signal of some later model, which this version does not know, may be anything above 0. */
function signalMax(signal: string): number {
  return maxima[signal] ?? UNBOUNDED;
}
