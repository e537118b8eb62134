/** Retries of calls: failed attempts wait in rings of ticks until their back-off is over; a token bucket bounds them. */

import type { FlowParts } from './parts.ts';
import { EDGE_FACTS, EDGE_WIDTH, Edge, EdgeFact } from './rows.ts';

const { first, attempts, retriesUntil, retryTokens, tokensTick } = Edge;

/** A bucket holds the tokens of this many seconds, and a few for callees that are seldom called. */
const TOKENS_SECONDS = 10;
const TOKENS_RESERVE = 10;
/** Less than this share of failures is rounding, not failure. */
const FAILED_SMALL = 1e-9;

/** Keeps the retries of all edges. */
export class Retries {
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Sets an edge's attempts in this tick: the first ones and the retries that are due. */
  collect(edge: number): void {
    const edges = this.#parts.edges;
    const at = edge * EDGE_WIDTH;
    edges[at + attempts] = edges[at + first]!;
    if (edges[at + retriesUntil]! > 0) this.#collectDue(edge);
  }

  /**
   * Sends failed attempts of this tick into the rings: `failed` of them, `late` of which are time-outs. Returns the
   * share that is allowed to be retried.
   */
  schedule(edge: number, failed: number, late: number): number {
    const { plan, flow } = this.#parts;
    const { rate } = flow.attempts;
    const edges = this.#parts.edges;
    const retries = plan.retriesMax[edge]!;
    if (retries === 0 || this.#retriesOff(edge)) return 0;
    if (failed <= FAILED_SMALL) return 1;
    const start = plan.attemptStart[edge]!;
    rate[start] = edges[edge * EDGE_WIDTH + first]!;
    let wanted = 0;
    for (let attempt = 0; attempt < retries; attempt += 1) wanted += rate[start + attempt]!;
    wanted *= plan.tickSeconds * failed;
    const tokens = this.#refill(edge);
    const unbounded = this.#parts.context.effects.values.serviceRetryBudgetOff[plan.callee[edge]!]! > 0;
    const allowed = wanted > tokens && !unbounded ? tokens / wanted : 1;
    // Rounding must not leave a debt: where nothing is wanted, any debt would be an infinite share.
    edges[edge * EDGE_WIDTH + retryTokens] = Math.max(0, tokens - allowed * wanted);
    for (let attempt = 0; attempt < retries; attempt += 1) {
      const requests = rate[start + attempt]! * plan.tickSeconds * allowed;
      if (requests > 0) this.#spread(edge, attempt + 1, requests * Math.max(0, failed - late), requests * late);
    }
    return allowed;
  }

  #collectDue(edge: number): void {
    const { plan, flow, context } = this.#parts;
    const edges = this.#parts.edges;
    const at = edge * EDGE_WIDTH;
    const start = plan.attemptStart[edge]!;
    const ticks = flow.clock.ticks[0]!;
    const given = this.#retriesOff(edge) ? 0 : 1 / plan.tickSeconds;
    let sum = 0;
    for (let retry = 1; retry <= plan.retriesMax[edge]!; retry += 1) {
      const ring = plan.ringStart[start + retry]!;
      const slot = ring + (ticks % (plan.ringStart[start + retry + 1]! - ring));
      const rate = given * flow.rings.requests[slot]!;
      flow.rings.requests[slot] = 0;
      flow.attempts.rate[start + retry] = rate;
      sum += rate;
    }
    edges[at + attempts]! += sum;
    context.meters.services.retries[plan.callee[edge]!]! += sum * plan.tickSeconds;
    // One look more after the last due tick leaves all rates at zero.
    if (ticks > edges[at + retriesUntil]!) edges[at + retriesUntil] = 0;
  }

  #spread(edge: number, retry: number, soon: number, late: number): void {
    const { plan, flow } = this.#parts;
    const { spreadStart, spreadTicks, spreadShares } = plan;
    const index = plan.attemptStart[edge]! + retry;
    const ring = plan.ringStart[index]!;
    const length = plan.ringStart[index + 1]! - ring;
    const ticks = flow.clock.ticks[0]!;
    const timeouts = spreadStart[2 * index + 1]!;
    const end = spreadStart[2 * index + 2]!;
    for (let entry = spreadStart[2 * index]!; entry < end; entry += 1) {
      const requests = (entry < timeouts ? soon : late) * spreadShares[entry]!;
      flow.rings.requests[ring + ((ticks + spreadTicks[entry]!) % length)]! += requests;
    }
    const at = edge * EDGE_WIDTH + retriesUntil;
    this.#parts.edges[at] = Math.max(this.#parts.edges[at]!, ticks + length - 1);
  }

  /** Tokens of all ticks since the last failure, at the present rate. */
  #refill(edge: number): number {
    const { plan, flow } = this.#parts;
    const edges = this.#parts.edges;
    const at = edge * EDGE_WIDTH;
    const rate = plan.edgeFacts[edge * EDGE_FACTS + EdgeFact.retryBudgetRatio]! * edges[at + first]!;
    const most = rate * TOKENS_SECONDS + TOKENS_RESERVE;
    const elapsed = (flow.clock.ticks[0]! - edges[at + tokensTick]!) * plan.tickSeconds;
    const tokens = Math.min(most, edges[at + retryTokens]! + rate * elapsed);
    edges[at + retryTokens] = tokens;
    edges[at + tokensTick] = flow.clock.ticks[0]!;
    return tokens;
  }

  #retriesOff(edge: number): boolean {
    return this.#parts.context.effects.values.serviceRetriesOff[this.#parts.plan.callee[edge]!]! > 0;
  }
}
