/**
 * Callers' patience: the attempts of an edge that somebody waits for, oldest first. They share one time-out, so that
 * the oldest is always the next to time out, and the heap needs one event per edge.
 */

import type { EventHeap } from './event-heap.ts';
import type { RequestPlan } from './plan.ts';
import { EDGE, EDGE_FACTS, EdgeFact, EdgeField, Field, NONE, ROW, TIMES, Time } from './rows.ts';
import type { RequestState } from './state.ts';

const { oldest, youngest, timer, underWay } = EdgeField;

/** Lists of attempts by edge; the time-out of edge k is the heap's payload -1 - k. */
export class Deadlines {
  readonly #facts: Float64Array;
  readonly #state: RequestState;
  readonly #heap: EventHeap;
  #fields: Int32Array = new Int32Array();
  #times: Float64Array = new Float64Array();
  #edges: Int32Array = new Int32Array();

  constructor(plan: RequestPlan, state: RequestState, heap: EventHeap) {
    this.#facts = plan.edgeFacts;
    this.#state = state;
    this.#heap = heap;
  }

  bind(): void {
    this.#fields = this.#state.entities.value;
    this.#times = this.#state.times.value;
    this.#edges = this.#state.edges.value;
  }

  clear(): void {
    for (let at = 0; at < this.#edges.length; at += EDGE) {
      this.#edges[at + oldest] = NONE;
      this.#edges[at + youngest] = NONE;
    }
  }

  /** Somebody waits for an attempt from now on. */
  add(entity: number, edge: number, nowMicros: number): void {
    const edges = this.#edges;
    const at = edge * EDGE;
    const last = edges[at + youngest]!;
    this.#times[entity * TIMES + Time.sent] = nowMicros;
    this.#fields[entity * ROW + Field.older] = last;
    this.#fields[entity * ROW + Field.younger] = NONE;
    if (last === NONE) edges[at + oldest] = entity;
    else this.#fields[last * ROW + Field.younger] = entity;
    edges[at + youngest] = entity;
    edges[at + underWay]! += 1;
    if (edges[at + timer] === 1) return;
    edges[at + timer] = 1;
    this.#heap.push(nowMicros + this.#facts[edge * EDGE_FACTS + EdgeFact.timeoutMicros]!, -1 - edge);
  }

  /** Nobody waits for it any more. */
  remove(entity: number, edge: number): void {
    const fields = this.#fields;
    const before = fields[entity * ROW + Field.older]!;
    const after = fields[entity * ROW + Field.younger]!;
    if (before === NONE) this.#edges[edge * EDGE + oldest] = after;
    else fields[before * ROW + Field.younger] = after;
    if (after === NONE) this.#edges[edge * EDGE + youngest] = before;
    else fields[after * ROW + Field.older] = before;
    this.#edges[edge * EDGE + underWay]! -= 1;
  }

  /** The first attempt of an edge that is overdue; -1 = there is none, and the timer is set for the next. */
  overdue(edge: number, nowMicros: number): number {
    const at = edge * EDGE;
    const first = this.#edges[at + oldest]!;
    if (first === NONE) {
      this.#edges[at + timer] = 0;
      return NONE;
    }
    const due = this.#times[first * TIMES + Time.sent]! + this.#facts[edge * EDGE_FACTS + EdgeFact.timeoutMicros]!;
    if (due <= nowMicros) return first;
    this.#heap.push(due, -1 - edge);
    return NONE;
  }
}
