/** Retries of calls: failed attempts wait in rings of ticks until their back-off is over; a token bucket bounds them. */

import type { FlowParts } from './parts.ts';

/** A bucket holds the tokens of this many seconds, and a few for callees that are seldom called. */
const TOKENS_SECONDS = 10;
const TOKENS_RESERVE = 10;
/** Less than this share of failures is rounding, not failure. */
export const FAILED_SMALL = 1e-9;

/** Keeps the retries of all edges. */
export class Retries {
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** Sets the rates of an edge's attempts in this tick from its first attempts and the retries that are due. */
  collect(edge: number): void {
    const { plan, flow } = this.#parts;
    const start = plan.attemptStart[edge]!;
    const { first, attempts, retriesUntil } = flow.edges;
    flow.attempts.rate[start] = first[edge]!;
    attempts[edge] = first[edge]!;
    if (retriesUntil[edge]! > 0) this.#collectDue(edge);
  }

  /**
   * Sends failed attempts of this tick into the rings: `failed` of them, `late` of which are time-outs. Returns the
   * share that is allowed to be retried.
   */
  schedule(edge: number, failed: number, late: number): number {
    const { plan, flow } = this.#parts;
    const retries = plan.retriesMax[edge]!;
    if (retries === 0) return 0;
    const refilled = this.#refill(edge);
    if (failed <= FAILED_SMALL) return 1;
    if (this.#retriesOff(edge)) return 0;
    const start = plan.attemptStart[edge]!;
    let wanted = 0;
    for (let attempt = 0; attempt < retries; attempt += 1) wanted += flow.attempts.rate[start + attempt]!;
    wanted *= plan.tickSeconds * failed;
    const allowed = wanted > refilled ? refilled / wanted : 1;
    flow.edges.retryTokens[edge]! -= allowed * wanted;
    for (let attempt = 0; attempt < retries; attempt += 1) {
      const requests = flow.attempts.rate[start + attempt]! * plan.tickSeconds * allowed;
      if (requests > 0) this.#spread(edge, attempt + 1, requests * (failed - late), requests * late);
    }
    return allowed;
  }

  #collectDue(edge: number): void {
    const { plan, flow } = this.#parts;
    const { attempts, retriesUntil } = flow.edges;
    const start = plan.attemptStart[edge]!;
    const ticks = flow.clock.ticks[0]!;
    const given = this.#retriesOff(edge) ? 0 : 1;
    for (let retry = 1; retry <= plan.retriesMax[edge]!; retry += 1) {
      const ring = plan.ringStart[start + retry]!;
      const slot = ring + (ticks % (plan.ringStart[start + retry + 1]! - ring));
      const rate = (given * flow.rings.requests[slot]!) / plan.tickSeconds;
      flow.rings.requests[slot] = 0;
      flow.attempts.rate[start + retry] = rate;
      attempts[edge]! += rate;
    }
    // One look more after the last due tick leaves all rates at zero.
    if (ticks > retriesUntil[edge]!) retriesUntil[edge] = 0;
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
    flow.edges.retriesUntil[edge] = Math.max(flow.edges.retriesUntil[edge]!, ticks + length - 1);
  }

  #refill(edge: number): number {
    const { plan, flow } = this.#parts;
    const rate = plan.retryBudgetRatio[edge]! * flow.edges.first[edge]!;
    const most = rate * TOKENS_SECONDS + TOKENS_RESERVE;
    const tokens = Math.min(most, flow.edges.retryTokens[edge]! + rate * plan.tickSeconds);
    flow.edges.retryTokens[edge] = tokens;
    return tokens;
  }

  #retriesOff(edge: number): boolean {
    return this.#parts.context.effects.values.serviceRetriesOff[this.#parts.plan.callee[edge]!]! > 0;
  }
}
