/** Attempts: requests on their way to a replica, answers on their way back, and callers who give up. */

import { type RequestParts, wholeMicros } from './parts.ts';
import {
  EDGE,
  EDGE_FACTS,
  EdgeFact,
  EdgeField,
  Ending,
  Field,
  GONE,
  NONE,
  ROW,
  Stage,
  TIMES,
  Time,
  USER,
} from './rows.ts';
import { Fate } from './troubles.ts';

const { troubled, frayed } = EdgeField;
const NEVER: number = Number.POSITIVE_INFINITY;

/** Sends attempts and takes their answers. */
export class Attempts {
  readonly #parts: RequestParts;
  readonly #facts: Float64Array;
  #fields: Int32Array = new Int32Array();
  #times: Float64Array = new Float64Array();
  #edges: Int32Array = new Int32Array();

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#facts = parts.plan.edgeFacts;
  }

  bind(): void {
    this.#fields = this.#parts.state.entities.value;
    this.#times = this.#parts.state.times.value;
    this.#edges = this.#parts.state.edges.value;
  }

  /** A user's request. */
  admit(edge: number): void {
    const fate = this.open(edge, NONE);
    if (fate !== Fate.fails) this.send(edge, USER, NONE, fate);
  }

  /** An attempt begins: counts it and draws its `Fate`. */
  open(edge: number, from: number): number {
    this.#parts.meters.begin(edge);
    if (this.#edges[edge * EDGE + troubled] === 0) return Fate.passes;
    const fate = this.#parts.troubles.beforeSending(edge, this.#parts.nowMicros);
    if (fate === Fate.fails) this.fail(edge, NONE, from);
    return fate;
  }

  /** Sends an attempt of a user or of an entity in a replica slot; -1 = it failed at once. */
  send(edge: number, parent: number, from: number, fate: number): number {
    const { balancer, context, pool, state, troubles, deadlines } = this.#parts;
    let replica: number = NONE;
    if (fate === Fate.passes) {
      const callerSlot = from < 0 ? 0 : from - this.#facts[edge * EDGE_FACTS + EdgeFact.callerStart]!;
      replica = balancer.choose(edge, callerSlot);
      if (replica < 0) return this.fail(edge, NONE, from);
      context.meters.replicas.requests[replica]! += 1;
      if (this.#edges[edge * EDGE + troubled] === 1 && troubles.resets(edge, this.#portOf(edge, from), replica)) {
        return this.fail(edge, replica, from);
      }
    }
    const entity = parent !== USER || pool.hasRoomForUser() ? pool.take() : NONE;
    if (entity < 0) {
      if (parent === USER) state.clock.usersRefused[0]! += 1;
      else state.clock.callsRefused[0]! += 1;
      return this.fail(edge, replica, from);
    }
    this.#write(entity, edge, replica, parent, from);
    deadlines.add(entity, edge, this.#parts.nowMicros);
    this.#depart(entity, edge, from, replica);
    return entity;
  }

  /** An attempt fails before anything is sent. */
  fail(edge: number, replica: number, from: number): number {
    this.#parts.meters.fail(edge, replica, this.#portOf(edge, from));
    return NONE;
  }

  /** The answer of a replica goes on its way; `ending` is an `Ending`. */
  answer(entity: number, ending: number): void {
    const { network, troubles, heap, nowMicros } = this.#parts;
    const at = entity * ROW;
    const edge = this.#fields[at + Field.edge]!;
    const from = this.#fields[at + Field.from]!;
    const replica = this.#fields[at + Field.replica]!;
    const seconds = network.responseSeconds(edge, from, replica, nowMicros);
    if (seconds === NEVER || this.#fields[at + Field.parent] === GONE) {
      this.loseAnswer(entity);
      return;
    }
    const mayBeCut = ending === Ending.good && this.#edges[edge * EDGE + frayed] === 1;
    const isCut = mayBeCut && troubles.cuts(edge, this.#portOf(edge, from), replica);
    this.#fields[at + Field.outcome] = isCut ? Ending.error : ending;
    this.#fields[at + Field.stage] = Stage.answering;
    heap.push(nowMicros + wholeMicros(seconds), entity);
  }

  /** Nothing will ever come back from where an entity is. */
  loseAnswer(entity: number): void {
    if (this.#fields[entity * ROW + Field.parent] === GONE) this.#parts.pool.free(entity);
    else this.#fields[entity * ROW + Field.stage] = Stage.silent;
  }

  /** An answer is there. */
  receive(entity: number): void {
    const { meters, deadlines, pool, calls } = this.#parts;
    const at = entity * ROW;
    const parent = this.#fields[at + Field.parent]!;
    if (parent === GONE) {
      pool.free(entity);
      return;
    }
    const edge = this.#fields[at + Field.edge]!;
    const from = this.#fields[at + Field.from]!;
    const ending = this.#fields[at + Field.outcome]!;
    const good = ending === Ending.good;
    const micros = this.#parts.nowMicros - this.#times[entity * TIMES + Time.sent]!;
    deadlines.remove(entity, edge);
    if (ending !== Ending.refused) meters.answer(edge, micros);
    if (good) meters.succeed(edge, this.#portOf(edge, from));
    else meters.fail(edge, this.#fields[at + Field.replica]!, this.#portOf(edge, from));
    if (parent === USER) {
      if (ending !== Ending.refused) meters.answerUser(edge, micros, good);
      pool.free(entity);
      return;
    }
    if (this.#fields[at + Field.connected] === 1) this.#disconnect(entity, edge, from);
    else pool.free(entity);
    calls.settle(parent, good);
  }

  /** The next time-out of an edge may be due. Returns how many attempts timed out. */
  timeOut(edge: number): number {
    const { deadlines, nowMicros } = this.#parts;
    for (let given = 0; ; given += 1) {
      const entity = deadlines.overdue(edge, nowMicros);
      if (entity === NONE) return given;
      this.#giveUp(entity, edge);
    }
  }

  /** The caller of an attempt is no more; the replica does not learn of it. */
  abandon(entity: number): void {
    const at = entity * ROW;
    const edge = this.#fields[at + Field.edge]!;
    this.#parts.deadlines.remove(entity, edge);
    this.#parts.state.counts.abandoned[edge]! += 1;
    this.#fields[at + Field.connected] = 0;
    this.#forget(entity);
  }

  /** A connection that was kept open after its answer is closed. */
  endLinger(entity: number): void {
    const at = entity * ROW;
    if (this.#fields[at + Field.connected] === 1) {
      this.#release(this.#fields[at + Field.edge]!, this.#fields[at + Field.from]!);
    }
    this.#parts.pool.free(entity);
  }

  #write(entity: number, edge: number, replica: number, parent: number, from: number): void {
    const fields = this.#fields;
    const at = entity * ROW;
    fields[at + Field.edge] = edge;
    fields[at + Field.replica] = replica;
    fields[at + Field.parent] = parent;
    fields[at + Field.from] = from;
    fields[at + Field.child] = NONE;
    fields[at + Field.failed] = 0;
    fields[at + Field.wrote] = 0;
    fields[at + Field.connected] = 0;
  }

  #depart(entity: number, edge: number, from: number, replica: number): void {
    const { network, nowMicros, heap } = this.#parts;
    const seconds = replica < 0 ? NEVER : network.requestSeconds(edge, from, replica, nowMicros);
    if (seconds === NEVER) this.#fields[entity * ROW + Field.stage] = Stage.silent;
    else {
      this.#fields[entity * ROW + Field.stage] = Stage.travelling;
      heap.push(nowMicros + wholeMicros(seconds), entity);
    }
  }

  #giveUp(entity: number, edge: number): void {
    const at = entity * ROW;
    const parent = this.#fields[at + Field.parent]!;
    const from = this.#fields[at + Field.from]!;
    this.#parts.deadlines.remove(entity, edge);
    this.#parts.meters.fail(edge, this.#fields[at + Field.replica]!, this.#portOf(edge, from));
    if (this.#fields[at + Field.connected] === 1) {
      this.#fields[at + Field.connected] = 0;
      this.#release(edge, from);
    }
    this.#forget(entity);
    if (parent !== USER) this.#parts.calls.settle(parent, false);
  }

  /** Nobody waits for an entity any more; if nothing happens to it either, it is free. */
  #forget(entity: number): void {
    this.#fields[entity * ROW + Field.parent] = GONE;
    if (this.#fields[entity * ROW + Field.stage] === Stage.silent) this.#parts.pool.free(entity);
  }

  /** Closes the connection of an answered attempt, now or after it has lingered. */
  #disconnect(entity: number, edge: number, from: number): void {
    const at = entity * ROW;
    const isFrayed = this.#edges[edge * EDGE + frayed] === 1;
    const replica = this.#fields[at + Field.replica]!;
    const lingers = isFrayed ? this.#parts.troubles.lingerSeconds(edge, this.#portOf(edge, from), replica) : 0;
    if (lingers > 0) {
      this.#fields[at + Field.stage] = Stage.lingering;
      this.#fields[at + Field.parent] = GONE;
      this.#parts.heap.push(this.#parts.nowMicros + wholeMicros(lingers), entity);
      return;
    }
    this.#release(edge, from);
    this.#parts.pool.free(entity);
  }

  #release(edge: number, from: number): void {
    this.#parts.connections.release(this.#portOf(edge, from), this.#parts.nowMicros);
  }

  #portOf(edge: number, from: number): number {
    const fact = edge * EDGE_FACTS;
    return from < 0 ? NONE : this.#facts[fact + EdgeFact.portStart]! + from - this.#facts[fact + EdgeFact.callerStart]!;
  }
}
