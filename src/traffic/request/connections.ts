/** Connections of callers' replicas: so many calls under way at once, the others wait in turn, and not for ever. */

import type { EventHeap } from './event-heap.ts';
import type { RequestPlan } from './plan.ts';
import {
  EDGE,
  EDGE_FACTS,
  EdgeFact,
  EdgeField,
  Field,
  NONE,
  PORT,
  PortField,
  ROW,
  Stage,
  TIMES,
  Time,
} from './rows.ts';
import type { RequestState } from './state.ts';

const { taken, head, tail, timer } = PortField;

/** Pools of connections, one per caller's port; the end of waiting at port k is the heap's payload `firstPayload - k`. */
export class Connections {
  readonly #facts: Float64Array;
  readonly #state: RequestState;
  readonly #heap: EventHeap;
  readonly #firstPayload: number;
  #ports: Int32Array = new Int32Array();
  #fields: Int32Array = new Int32Array();

  constructor(plan: RequestPlan, state: RequestState, heap: EventHeap) {
    this.#facts = plan.edgeFacts;
    this.#state = state;
    this.#heap = heap;
    this.#firstPayload = -1 - plan.edges;
  }

  bind(): void {
    this.#ports = this.#state.ports.value;
    this.#fields = this.#state.entities.value;
  }

  clear(): void {
    for (let port = 0; port * PORT < this.#ports.length; port += 1) this.#clearPort(port);
  }

  /** Whether connections of an edge are counted at all. */
  counts(edge: number): boolean {
    return this.#facts[edge * EDGE_FACTS + EdgeFact.connectionsMax]! >= 0;
  }

  /** Takes a connection if one is free. */
  take(edge: number, port: number): boolean {
    const at = port * PORT;
    if (this.#ports[at + taken]! >= this.#facts[edge * EDGE_FACTS + EdgeFact.connectionsMax]!) return false;
    this.#ports[at + taken]! += 1;
    return true;
  }

  /** A connection is free: the first that waits gets it, by an event of its own. */
  release(port: number, nowMicros: number): void {
    const at = port * PORT;
    const first = this.#ports[at + head]!;
    if (first === NONE) {
      this.#ports[at + taken]! -= 1;
      return;
    }
    this.#takeFirst(at, first);
    this.#heap.push(nowMicros, first);
  }

  /** An entity waits for a connection. */
  wait(entity: number, edge: number, port: number, nowMicros: number): void {
    const at = port * PORT;
    const last = this.#ports[at + tail]!;
    this.#starving(edge, 1);
    this.#fields[entity * ROW + Field.stage] = Stage.connecting;
    this.#fields[entity * ROW + Field.next] = NONE;
    this.#state.times.value[entity * TIMES + Time.waiting] = nowMicros;
    if (last === NONE) this.#ports[at + head] = entity;
    else this.#fields[last * ROW + Field.next] = entity;
    this.#ports[at + tail] = entity;
    if (this.#ports[at + timer] === 1) return;
    this.#ports[at + timer] = 1;
    this.#heap.push(this.#endOf(entity, edge), this.#firstPayload - port);
  }

  /** An entity waits no more: it has got its connection, has given up or is gone. */
  stopWaiting(edge: number): void {
    this.#starving(edge, -1);
  }

  /** Takes out the first that has waited long enough; -1 = nobody has, and the timer is set for the next. */
  takeOverdue(edge: number, port: number, nowMicros: number): number {
    const at = port * PORT;
    const first = this.#ports[at + head]!;
    if (first === NONE) {
      this.#ports[at + timer] = 0;
      return NONE;
    }
    const end = this.#endOf(first, edge);
    if (end > nowMicros) {
      this.#heap.push(end, this.#firstPayload - port);
      return NONE;
    }
    this.#takeFirst(at, first);
    return first;
  }

  /** The process behind a port is gone, and all that it held. */
  drop(port: number): void {
    this.#clearPort(port);
  }

  #starving(edge: number, change: number): void {
    this.#state.edges.value[edge * EDGE + EdgeField.starving]! += change;
  }

  #endOf(entity: number, edge: number): number {
    const since = this.#state.times.value[entity * TIMES + Time.waiting]!;
    return since + this.#facts[edge * EDGE_FACTS + EdgeFact.connectionWaitMicros]!;
  }

  #takeFirst(at: number, first: number): void {
    const next = this.#fields[first * ROW + Field.next]!;
    this.#ports[at + head] = next;
    if (next === NONE) this.#ports[at + tail] = NONE;
  }

  /** The timer stays: the heap still holds it. */
  #clearPort(port: number): void {
    this.#ports[port * PORT + taken] = 0;
    this.#ports[port * PORT + head] = NONE;
    this.#ports[port * PORT + tail] = NONE;
  }
}
