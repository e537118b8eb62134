/**
 * What a request does between its own work and its answer: the calls of its service, one after the other, as often as
 * the spec says, past caches, breakers and pools of connections, and tried again where they fail.
 */

import { Answer } from '../../cluster/index.ts';
import { pauseSeconds } from '../back-off.ts';
import type { RequestParts } from './parts.ts';
import { EDGE_FACTS, EdgeFact, Field, NONE, ROW, STATION, Stage, Station } from './rows.ts';
import { Fate } from './troubles.ts';

/** What has become of a call for the moment. */
const Outcome = { pending: 0, good: 1, failed: 2 } as const;

/** Makes the calls of requests. */
export class Calls {
  readonly #parts: RequestParts;
  readonly #facts: Float64Array;
  readonly #starts: Int32Array;
  readonly #items: Int32Array;
  /** First streams of edges: for the number of calls and for back-offs. */
  readonly #countStream: number;
  readonly #backoffStream: number;
  #fields: Int32Array = new Int32Array();
  #stations: Int32Array = new Int32Array();

  constructor(parts: RequestParts, streams: { count: number; backoff: number }) {
    const { callsOut } = parts.context.topology;
    this.#parts = parts;
    this.#facts = parts.plan.edgeFacts;
    this.#starts = callsOut.starts;
    this.#items = callsOut.items;
    this.#countStream = streams.count;
    this.#backoffStream = streams.backoff;
  }

  bind(): void {
    this.#fields = this.#parts.state.entities.value;
    this.#stations = this.#parts.state.stations.value;
  }

  /** Before a request's own work: no call has been made. */
  prepare(entity: number, service: number): void {
    this.#fields[entity * ROW + Field.call] = this.#starts[service]! - 1;
    this.#fields[entity * ROW + Field.callsLeft] = 0;
  }

  /** Goes on until a call is under way or all are done. */
  proceed(entity: number): void {
    const fields = this.#fields;
    const at = entity * ROW;
    const station = fields[at + Field.replica]! * STATION;
    if (this.#stations[station + Station.answer] !== Answer.serves) {
      fields[at + Field.stage] = Stage.halted;
      return;
    }
    const end = this.#starts[this.#stations[station + Station.service]! + 1]!;
    for (;;) {
      if (fields[at + Field.callsLeft] === 0) {
        const call = fields[at + Field.call]! + 1;
        fields[at + Field.call] = call;
        if (call === end) {
          this.#parts.stations.finish(entity);
          return;
        }
        fields[at + Field.callsLeft] = this.#drawCount(this.#items[call]!);
        continue;
      }
      const outcome = this.#call(entity, this.#items[fields[at + Field.call]!]!);
      if (outcome === Outcome.pending) return;
      this.#finishCall(at, outcome);
    }
  }

  /** The attempt that a request waited for has ended. */
  settle(entity: number, good: boolean): void {
    this.#fields[entity * ROW + Field.child] = NONE;
    const edge = this.#edgeOf(entity);
    if (good) this.#parts.guards.remember(edge, this.#portOf(entity, edge));
    this.#conclude(entity, good ? Outcome.good : this.#retry(entity, edge));
  }

  /** A back-off is over. */
  tryAgain(entity: number): void {
    const { effects, meters } = this.#parts.context;
    const edge = this.#edgeOf(entity);
    const callee = this.#facts[edge * EDGE_FACTS + EdgeFact.callee]!;
    if (effects.values.serviceRetriesOff[callee]! > 0) {
      this.#conclude(entity, Outcome.failed);
      return;
    }
    meters.services.retries[callee]! += 1;
    this.#conclude(entity, this.#attempt(entity, edge));
  }

  /** A connection has become free for a request that waited for it. */
  connected(entity: number): void {
    const edge = this.#edgeOf(entity);
    this.#parts.connections.stopWaiting(edge);
    this.#conclude(entity, this.#go(entity, edge, this.#portOf(entity, edge)));
  }

  /** The wait for a connection of a port may be over. Returns how many gave up. */
  endWait(edge: number, port: number): number {
    const { connections, attempts } = this.#parts;
    for (let given = 0; ; given += 1) {
      const entity = connections.takeOverdue(edge, port, this.#parts.nowMicros);
      if (entity === NONE) return given;
      connections.stopWaiting(edge);
      attempts.fail(edge, NONE, this.#fields[entity * ROW + Field.replica]!);
      this.#conclude(entity, this.#retry(entity, edge));
    }
  }

  /** An attempt that waits for a connection will not be made. */
  abandonWait(entity: number): void {
    const edge = this.#edgeOf(entity);
    this.#parts.connections.stopWaiting(edge);
    this.#parts.state.counts.abandoned[edge]! += 1;
  }

  /** Forgets connections, waits and breakers' trials in a replica that is no more. */
  dropReplica(replica: number, service: number): void {
    const { topology } = this.#parts.context;
    const slot = replica - topology.replicaStart[service]!;
    for (let call = this.#starts[service]!; call < this.#starts[service + 1]!; call += 1) {
      const port = topology.callerPortStart[this.#items[call]!]! + slot;
      this.#parts.connections.drop(port);
      this.#parts.state.trials.value[port] = 0;
    }
  }

  /** A new call over an edge. */
  #call(entity: number, edge: number): number {
    if (this.#parts.guards.answers(edge, this.#portOf(entity, edge))) return Outcome.good;
    this.#parts.budgets.earn(edge);
    this.#fields[entity * ROW + Field.retries] = 0;
    return this.#attempt(entity, edge);
  }

  /** One attempt, as soon as there is a connection for it; what breakers refuse is not tried again. */
  #attempt(entity: number, edge: number): number {
    const { guards, attempts, connections, nowMicros } = this.#parts;
    const at = entity * ROW;
    const port = this.#portOf(entity, edge);
    if (guards.refuses(edge, port, nowMicros)) return Outcome.failed;
    const fate = attempts.open(edge, this.#fields[at + Field.replica]!);
    if (fate === Fate.fails) return this.#retry(entity, edge);
    this.#fields[at + Field.outcome] = fate;
    if (!connections.counts(edge) || connections.take(edge, port)) return this.#go(entity, edge, port);
    connections.wait(entity, edge, port, nowMicros);
    return Outcome.pending;
  }

  /** Sends an attempt; where connections are counted, one has been taken for it. */
  #go(entity: number, edge: number, port: number): number {
    const { attempts, connections, nowMicros } = this.#parts;
    const at = entity * ROW;
    const fate = this.#fields[at + Field.outcome]!;
    const child = attempts.send(edge, entity, this.#fields[at + Field.replica]!, fate);
    if (child < 0) {
      if (connections.counts(edge)) connections.release(port, nowMicros);
      return this.#retry(entity, edge);
    }
    if (connections.counts(edge)) this.#fields[child * ROW + Field.connected] = 1;
    this.#fields[at + Field.child] = child;
    this.#fields[at + Field.stage] = Stage.calling;
    return Outcome.pending;
  }

  /** Schedules another attempt if there may be one. */
  #retry(entity: number, edge: number): number {
    const at = entity * ROW;
    const fact = edge * EDGE_FACTS;
    const retry = this.#fields[at + Field.retries]! + 1;
    if (retry > this.#facts[fact + EdgeFact.retriesMax]! || !this.#parts.budgets.spend(edge)) return Outcome.failed;
    this.#fields[at + Field.retries] = retry;
    this.#fields[at + Field.stage] = Stage.pausing;
    const pause = 1e6 * pauseSeconds(this.#facts[fact + EdgeFact.backoffMicros]! / 1e6, retry);
    const jitter = this.#parts.streams.uniform(this.#backoffStream + edge);
    this.#parts.heap.push(this.#parts.nowMicros + Math.floor(pause * jitter + 0.5), entity);
    return Outcome.pending;
  }

  /** Goes on with the next call if this one is over. */
  #conclude(entity: number, outcome: number): void {
    if (outcome === Outcome.pending) return;
    this.#finishCall(entity * ROW, outcome);
    this.proceed(entity);
  }

  #finishCall(at: number, outcome: number): void {
    if (outcome === Outcome.failed) {
      const edge = this.#items[this.#fields[at + Field.call]!]!;
      if (this.#facts[edge * EDGE_FACTS + EdgeFact.required] === 1) this.#fields[at + Field.failed] = 1;
    }
    this.#fields[at + Field.callsLeft]! -= 1;
  }

  #drawCount(edge: number): number {
    const whole = this.#facts[edge * EDGE_FACTS + EdgeFact.whole]!;
    const part = this.#facts[edge * EDGE_FACTS + EdgeFact.part]!;
    if (part === 0) return whole;
    return this.#parts.streams.uniform(this.#countStream + edge) < part ? whole + 1 : whole;
  }

  /** The edge of the call that an entity makes. */
  #edgeOf(entity: number): number {
    return this.#items[this.#fields[entity * ROW + Field.call]!]!;
  }

  #portOf(entity: number, edge: number): number {
    const fact = edge * EDGE_FACTS;
    const replica = this.#fields[entity * ROW + Field.replica]!;
    return this.#facts[fact + EdgeFact.portStart]! + replica - this.#facts[fact + EdgeFact.callerStart]!;
  }
}
