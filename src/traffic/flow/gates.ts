/**
 * What stands between the callers of an edge and their sending: caches that need no call, breakers, quotas, faults of
 * names and configuration, connections. Looked at once for all replicas of the caller while these fare alike.
 */

import { Breaker, type CallSpec, type EffectKind } from '../../cluster/index.ts';
import { attemptShare } from './lossy-paths.ts';
import type { FlowParts } from './parts.ts';
import { Pools } from './pools.ts';
import type { Retries } from './retries.ts';
import { EDGE_WIDTH, Edge, GATE_WIDTH, Gate, REPLICA_WIDTH, Replica } from './rows.ts';

const {
  first,
  attempts,
  sent,
  guarded,
  breakersOnly,
  quiet,
  frayed,
  varied,
  gateRow,
  hitRatio,
  barredRatio,
  disturbed,
} = Edge;
const EDGE = EDGE_WIDTH;
const GATE = GATE_WIDTH;

/** Caches whose contents differ by less than this share are alike. */
const ALIKE = 1e-3;
/** Shares, and with them rates, are only followed to within 2 %. */
const SHARES_ALIKE = 0.03;
const PORT_TROUBLES: readonly EffectKind[] = ['portReset', 'portCut', 'portLinger'];

/** Lets attempts through. */
export class Gates {
  readonly pools: Pools;
  readonly #parts: FlowParts;
  readonly #retries: Retries;

  constructor(parts: FlowParts, retries: Retries) {
    this.#parts = parts;
    this.#retries = retries;
    this.pools = new Pools(parts);
  }

  /** Effects have changed: finds the edges with anything in the way. */
  refresh(): void {
    const { plan, context, edges } = this.#parts;
    for (let edge = 0; edge < plan.edges; edge += 1) {
      const at = edge * EDGE;
      const call = context.spec.calls[edge];
      const equipped = call !== undefined && (call.breaker ?? call.cache ?? call.connectionsMax) !== null;
      if (call !== undefined && call.connectionsMax !== null) this.pools.expect(edge);
      edges[at + frayed] = this.#isFrayed(edge) ? 1 : 0;
      const isTroubled = edges[at + frayed] === 1 || this.#isTroubled(edge);
      edges[at + guarded] = equipped || isTroubled ? 1 : 0;
      const pure = equipped && call.cache === null && call.connectionsMax === null;
      edges[at + breakersOnly] = pure && !isTroubled ? 1 : 0;
      edges[at + quiet] = 0;
      edges[at + varied] = 0;
      edges[at + hitRatio] = 0;
      edges[at + barredRatio] = 0;
    }
    for (let service = 0; service < context.topology.services; service += 1) {
      if (this.pools.pooled[service] === 1) this.pools.limit(service);
    }
  }

  /** Sets first attempts, attempts and what is sent of them, for an edge whose caller starts `rate` calls a second. */
  open(edge: number, rate: number): void {
    const { plan, context, edges, gates } = this.#parts;
    const at = edge * EDGE;
    const call = edge < plan.calls ? context.spec.calls[edge]! : null;
    edges[at + quiet] = edges[at + breakersOnly] === 1 && edges[at + disturbed] === 0 && this.#allClosed(edge) ? 1 : 0;
    if (edges[at + quiet] === 1) {
      this.#openQuiet(edge, rate);
      return;
    }
    const standIn = this.#shareOut(edge, call);
    edges[at + gateRow] = standIn;
    edges[at + varied] = standIn < 0 ? 1 : 0;
    edges[at + first] = call?.cache == null ? rate : this.#missCaches(edge, rate);
    edges[at + hitRatio] = rate > 0 ? 1 - edges[at + first]! / rate : 0;
    if (edge < plan.calls) this.#retries.collect(edge);
    else edges[at + attempts] = edges[at + first]!;
    if (standIn < 0 && call?.cache === null) this.#shareRetries(edge);
    const passing = this.#barAll(edge, call);
    this.#sendAll(edge, call, this.#failedRatio(edge, passing));
    if (standIn >= 0) this.#copyRow(edge, standIn);
    let sum = 0;
    const end = plan.rowStart[edge + 1]!;
    for (let row = plan.rowStart[edge]!; row < end; row += 1) sum += gates[row * GATE + Gate.sentRate]!;
    edges[at + sent] = sum;
  }

  #openQuiet(edge: number, rate: number): void {
    const { edges } = this.#parts;
    const at = edge * EDGE;
    edges[at + first] = rate;
    this.#retries.collect(edge);
    edges[at + sent] = edges[at + attempts]!;
    edges[at + varied] = 0;
    edges[at + barredRatio] = 0;
  }

  #allClosed(edge: number): boolean {
    const { plan, context } = this.#parts;
    const { breaker } = context.state.callers;
    for (let row = plan.rowStart[edge]!; row < plan.rowStart[edge + 1]!; row += 1) {
      if (breaker[row] !== Breaker.closed) return false;
    }
    return true;
  }

  /** Writes each caller replica's share; returns the row that stands for all of them, -1 = they differ. */
  #shareOut(edge: number, call: CallSpec | null): number {
    const { plan, context, gates, replicas, edges } = this.#parts;
    const caller = plan.caller[edge]!;
    const start = plan.rowStart[edge]!;
    const at = edge * EDGE;
    if (call === null) {
      gates[start * GATE + Gate.share] = 1;
      return edges[at + frayed] === 1 ? -1 : start;
    }
    const firstReplica = context.topology.replicaStart[caller]!;
    const end = plan.rowStart[edge + 1]!;
    let standIn = -1;
    let serving = 0;
    let alike = edges[at + frayed] === 0 && edges[at + disturbed] === 0;
    for (let row = start; row < end; row += 1) {
      const share = replicas[(firstReplica + row - start) * REPLICA_WIDTH + Replica.share]!;
      gates[row * GATE + Gate.share] = share;
      if (share <= 0) continue;
      serving += 1;
      if (standIn < 0) standIn = row;
      else if (alike) alike = this.#areAlike(call, standIn, row);
    }
    if (!alike && standIn >= 0) return -1;
    if (serving > 1) this.#level(edge, call, serving);
    return Math.max(start, standIn);
  }

  /** Turns shares of first attempts into those of all: retries come from where attempts fail. */
  #shareRetries(edge: number): void {
    const { plan, gates } = this.#parts;
    const start = plan.rowStart[edge]!;
    for (let row = start; row < plan.rowStart[edge + 1]!; row += 1) {
      const share = gates[row * GATE + Gate.share]!;
      if (share > 0) gates[row * GATE + Gate.share] = attemptShare(this.#parts, edge, { row: row - start, share });
    }
  }

  /** Makes replicas that fare alike the same, so that one can stand for all and nothing is lost. */
  #level(edge: number, call: CallSpec, serving: number): void {
    const { plan, context, gates } = this.#parts;
    const { cacheEntries } = context.state.callers;
    const start = plan.rowStart[edge]!;
    const end = plan.rowStart[edge + 1]!;
    let inPool = 0;
    let waiting = 0;
    let entries = 0;
    for (let row = start; row < end; row += 1) {
      if (gates[row * GATE + Gate.share]! <= 0) continue;
      inPool += gates[row * GATE + Gate.inPool]!;
      waiting += gates[row * GATE + Gate.waiting]!;
      entries += cacheEntries[row]!;
    }
    for (let row = start; row < end; row += 1) {
      if (gates[row * GATE + Gate.share]! <= 0) continue;
      gates[row * GATE + Gate.share] = 1 / serving;
      gates[row * GATE + Gate.inPool] = inPool / serving;
      gates[row * GATE + Gate.waiting] = waiting / serving;
      if (call.cache !== null) cacheEntries[row] = entries / serving;
    }
  }

  #areAlike(call: CallSpec, one: number, other: number): boolean {
    const { gates, context } = this.#parts;
    const { breaker, cacheEntries } = context.state.callers;
    const share = gates[one * GATE + Gate.share]!;
    if (Math.abs(gates[other * GATE + Gate.share]! - share) > SHARES_ALIKE * share) return false;
    if (breaker[one] !== breaker[other]) return false;
    const entries = call.cache?.entries ?? 0;
    if (Math.abs(cacheEntries[one]! - cacheEntries[other]!) > ALIKE * entries) return false;
    const inPool = gates[one * GATE + Gate.inPool]!;
    return Math.abs(gates[other * GATE + Gate.inPool]! - inPool) <= SHARES_ALIKE * (1 + inPool);
  }

  /** Writes the share of calls each cache answers, turns shares into those of the rest; returns its rate. */
  #missCaches(edge: number, rate: number): number {
    const { plan, context, gates } = this.#parts;
    const { cacheEntries } = context.state.callers;
    const cache = context.spec.calls[edge]!.cache!;
    const start = plan.rowStart[edge]!;
    const end = plan.rowStart[edge + 1]!;
    let misses = 0;
    for (let row = start; row < end; row += 1) {
      const hits = (cache.hitRatio * cacheEntries[row]!) / cache.entries;
      gates[row * GATE + Gate.hitRatio] = hits;
      gates[row * GATE + Gate.share]! *= 1 - hits;
      misses += gates[row * GATE + Gate.share]!;
    }
    if (misses > 0) for (let row = start; row < end; row += 1) gates[row * GATE + Gate.share]! /= misses;
    return rate * misses;
  }

  /** Writes what breakers refuse; returns the rate of the rest. */
  #barAll(edge: number, call: CallSpec | null): number {
    const { plan, context, edges, gates } = this.#parts;
    const { breaker } = context.state.callers;
    const rate = edges[edge * EDGE + attempts]!;
    const shut = call !== null && context.effects.values.serviceBreakerOpen[call.callee]! > 0;
    const end = plan.rowStart[edge + 1]!;
    let barred = 0;
    for (let row = plan.rowStart[edge]!; row < end; row += 1) {
      const at = row * GATE;
      const own = rate * gates[at + Gate.share]!;
      gates[at + Gate.rate] = own;
      gates[at + Gate.barred] = shut ? 1 : 0;
      if (!shut && call?.breaker != null && breaker[row] !== Breaker.closed) {
        const trials = breaker[row] === Breaker.open ? 0 : call.breaker.trialsPerSecond;
        gates[at + Gate.barred] = own > trials ? 1 - trials / own : 0;
      }
      barred += gates[at + Gate.share]! * gates[at + Gate.barred]!;
    }
    edges[edge * EDGE + barredRatio] = barred;
    return rate * (1 - barred);
  }

  /** Share of attempts that fail at once: unresolved, misconfigured, or above the quota of all callers together. */
  #failedRatio(edge: number, passing: number): number {
    const { plan, context } = this.#parts;
    const { serviceUnresolved, callMisconfigured, callQuota } = context.effects.values;
    let passes = 1 - serviceUnresolved[plan.callee[edge]!]!;
    if (edge >= plan.calls) return 1 - passes;
    passes *= 1 - callMisconfigured[edge]!;
    if (passing * passes > callQuota[edge]!) passes = callQuota[edge]! / passing;
    return 1 - passes;
  }

  #sendAll(edge: number, call: CallSpec | null, failed: number): void {
    const { plan, context, gates, edges } = this.#parts;
    const misdirected = context.effects.values.serviceMisdirected[plan.callee[edge]!]!;
    const standIn = edges[edge * EDGE + gateRow]!;
    const end = plan.rowStart[edge + 1]!;
    for (let row = plan.rowStart[edge]!; row < end; row += 1) {
      if (standIn >= 0 && row !== standIn) continue;
      const at = row * GATE;
      gates[at + Gate.failed] = failed;
      gates[at + Gate.misdirected] = misdirected;
      const asked = gates[at + Gate.rate]! * (1 - gates[at + Gate.barred]!) * (1 - failed);
      const taken = call === null || call.connectionsMax === null ? asked : this.pools.take(edge, at, asked);
      gates[at + Gate.sentRate] = taken * (1 - misdirected);
    }
  }

  /** Gives all rows in use what was worked out for one. */
  #copyRow(edge: number, from: number): void {
    const { plan, gates } = this.#parts;
    const end = plan.rowStart[edge + 1]!;
    for (let row = plan.rowStart[edge]!; row < end; row += 1) {
      if (row === from) continue;
      const at = row * GATE;
      if (gates[at + Gate.share]! > 0) {
        for (let field = Gate.failed; field < Gate.rate; field += 1) gates[at + field] = gates[from * GATE + field]!;
      } else gates[at + Gate.sentRate] = 0;
    }
  }

  #isTroubled(edge: number): boolean {
    const { plan, context } = this.#parts;
    const { values } = context.effects;
    const callee = plan.callee[edge]!;
    if (values.serviceUnresolved[callee]! > 0 || values.serviceMisdirected[callee]! > 0) return true;
    if (edge >= plan.calls) return false;
    const limited = values.callQuota[edge]! !== Number.POSITIVE_INFINITY;
    return limited || values.callMisconfigured[edge]! > 0 || values.serviceBreakerOpen[callee]! > 0;
  }

  #isFrayed(edge: number): boolean {
    const { callerPortStart, calleePortStart } = this.#parts.context.topology;
    for (const kind of PORT_TROUBLES) {
      const values = this.#parts.context.effects.values[kind];
      for (let port = calleePortStart[edge]!; port < calleePortStart[edge + 1]!; port += 1) {
        if (values[port]! > 0) return true;
      }
      if (edge >= this.#parts.plan.calls) continue;
      for (let port = callerPortStart[edge]!; port < callerPortStart[edge + 1]!; port += 1) {
        if (values[port]! > 0) return true;
      }
    }
    return false;
  }
}
