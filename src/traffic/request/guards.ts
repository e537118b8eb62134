/** What a caller's replica looks at before it calls: its cache and its breaker. */

import type { RandomStreams } from '../../base/index.ts';
import { Breaker, type TrafficContext } from '../../cluster/index.ts';
import type { RequestPlan } from './plan.ts';
import { EDGE, EDGE_FACTS, EdgeFact, EdgeField } from './rows.ts';
import type { RequestState } from './state.ts';

/** Asks and fills caches, obeys breakers; ports are callers' ports. */
export class Guards {
  readonly #facts: Float64Array;
  readonly #state: RequestState;
  readonly #context: TrafficContext;
  readonly #streams: RandomStreams;
  readonly #firstStream: number;

  /** Hits of edge k are drawn from the stream `first + k`. */
  constructor(plan: RequestPlan, state: RequestState, context: TrafficContext, random: StreamRange) {
    this.#facts = plan.edgeFacts;
    this.#state = state;
    this.#context = context;
    this.#streams = random.streams;
    this.#firstStream = random.first;
  }

  /** Whether the cache at a port answers in place of the callee. */
  answers(edge: number, port: number): boolean {
    if (this.#facts[edge * EDGE_FACTS + EdgeFact.cache] === 0) return false;
    const { hitRatio, entries } = this.#context.spec.calls[edge]!.cache!;
    const held = this.#context.state.callers.cacheEntries[port]!;
    return this.#streams.uniform(this.#firstStream + edge) < (hitRatio * held) / entries;
  }

  /** An answer goes into the cache; the fuller that is, the likelier it takes the place of another. */
  remember(edge: number, port: number): void {
    if (this.#facts[edge * EDGE_FACTS + EdgeFact.cache] === 0) return;
    const { entries } = this.#context.spec.calls[edge]!.cache!;
    const { cacheEntries } = this.#context.state.callers;
    cacheEntries[port] = Math.min(entries, cacheEntries[port]! + 1 - cacheEntries[port]! / entries);
  }

  /** Whether a breaker keeps an attempt from going out. */
  refuses(edge: number, port: number, nowMicros: number): boolean {
    const { effects, state, spec } = this.#context;
    const fact = edge * EDGE_FACTS;
    if (this.#state.edges.value[edge * EDGE + EdgeField.troubled] === 1) {
      if (effects.values.serviceBreakerOpen[this.#facts[fact + EdgeFact.callee]!]! > 0) return true;
    }
    if (this.#facts[fact + EdgeFact.breaker] === 0) return false;
    const breaker = state.callers.breaker[port]!;
    if (breaker !== Breaker.halfOpen) return breaker === Breaker.open;
    const next = this.#state.trials.value;
    if (nowMicros < next[port]!) return true;
    next[port] = nowMicros + 1e6 / spec.calls[edge]!.breaker!.trialsPerSecond;
    return false;
  }

  /** An attempt that went out has ended. */
  count(edge: number, port: number, failed: boolean): void {
    if (this.#facts[edge * EDGE_FACTS + EdgeFact.breaker] === 0) return;
    const { attempts, failures } = this.#context.state.callers;
    attempts[port]! += 1;
    if (failed) failures[port]! += 1;
  }
}

interface StreamRange {
  readonly streams: RandomStreams;
  readonly first: number;
}
