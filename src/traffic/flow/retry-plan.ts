/** When failed attempts come back: per edge and retry, how the failures of one tick spread over the ticks after it. */

import { pauseSeconds } from '../back-off.ts';
import { type EdgePlan, starts } from './edge-plan.ts';
import { EDGE_FACTS, EdgeFact } from './rows.ts';

/** A full-jitter back-off is uniform; this many points stand for it. */
const JITTER_BINS = 5;
/** A ring is no longer than this, and what would come back later comes back at its end: memory is bounded. */
const RING_TICKS_MAX = 4096;

/** Shares of one tick's failures by how many ticks later they are tried again. */
interface Spread {
  readonly ticks: readonly number[];
  readonly shares: readonly number[];
}

/** Arrays by retry: those of an edge are `attemptStart[edge] + k`, k from 1; entry 0 is the first attempt's and unused. */
export interface RetryPlan {
  /** First slot of the ring of ticks of a retry, with an end. */
  readonly ringStart: Int32Array;
  /** Spread of failures known at once, then of time-outs: first entry of each, with an end (two entries a retry). */
  readonly spreadStart: Int32Array;
  readonly spreadTicks: Int32Array;
  readonly spreadShares: Float64Array;
}

/** Lays out the retries of all edges. */
export function retryPlan(edges: EdgePlan, tickSeconds: number): RetryPlan {
  const spreads: Spread[] = [];
  for (let edge = 0; edge < edges.edges; edge += 1) {
    for (let retry = 0; retry <= edges.retriesMax[edge]!; retry += 1) {
      spreads.push(...spreadsOf(edges, { edge, retry, tickSeconds }));
    }
  }
  const retries = spreads.filter((_, index) => index % 2 === 1);
  return {
    // Time-outs come back last, so theirs is the longer spread.
    ringStart: starts(retries, (late) => (late.ticks.at(-1) ?? 0) + 1),
    spreadStart: starts(spreads, (spread) => spread.ticks.length),
    spreadTicks: Int32Array.from(spreads.flatMap((spread) => spread.ticks)),
    spreadShares: Float64Array.from(spreads.flatMap((spread) => spread.shares)),
  };
}

function spreadsOf(edges: EdgePlan, at: { edge: number; retry: number; tickSeconds: number }): [Spread, Spread] {
  if (at.retry === 0) return [nothing, nothing];
  const facts = at.edge * EDGE_FACTS;
  const pause = pauseSeconds(edges.edgeFacts[facts + EdgeFact.backoffSeconds]!, at.retry);
  const timeout = edges.edgeFacts[facts + EdgeFact.timeoutSeconds]!;
  return [spread({ after: 0, pause, tick: at.tickSeconds }), spread({ after: timeout, pause, tick: at.tickSeconds })];
}

const nothing: Spread = { ticks: [], shares: [] };

/** Each point of the back-off falls between two ticks and is split so that the mean delay is kept. */
function spread(delay: { after: number; pause: number; tick: number }): Spread {
  const shares = new Map<number, number>();
  const add = (tick: number, share: number): void => {
    if (share > 0) shares.set(tick, (shares.get(tick) ?? 0) + share / JITTER_BINS);
  };
  for (let bin = 0; bin < JITTER_BINS; bin += 1) {
    const wanted = (delay.after + (delay.pause * (bin + 0.5)) / JITTER_BINS) / delay.tick;
    const ticks = Math.min(RING_TICKS_MAX, Math.max(1, wanted));
    const below = Math.floor(ticks);
    add(below, below + 1 - ticks);
    add(below + 1, ticks - below);
  }
  const ordered = [...shares.keys()].sort((a, b) => a - b);
  return { ticks: ordered, shares: ordered.map((tick) => shares.get(tick)!) };
}
