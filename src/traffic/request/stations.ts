/** Replica slots as queues: requests wait in turn for a worker, who is held for their own work and all their calls. */

import { Answer } from '../../cluster/index.ts';
import type { RequestParts } from './parts.ts';
import { Ending, Field, LOAD, Load, NONE, ROW, STATION, Stage, Station, TIMES, Time } from './rows.ts';

const { answer, inSystem, busy, head, tail, workers, inSystemMax } = Station;
const { balanceMicros, holdSeconds, ownMicros, warmUntilMicros, delayMicros, errorRatio } = Load;
/** Weight of the newest in the average of how long a worker is held. */
const HOLD_SHARE: number = 1 / 32;

/** Takes requests in, serves them and lets them go. */
export class Stations {
  readonly #parts: RequestParts;
  readonly #errorStream: number;
  readonly #coreSeconds: Float64Array;
  readonly #disk: Int32Array;
  readonly #warmUpMicros: Float64Array;
  readonly #warmUpFactor: Float64Array;
  #fields: Int32Array = new Int32Array();
  #times: Float64Array = new Float64Array();
  #stations: Int32Array = new Int32Array();
  #loads: Float64Array = new Float64Array();

  /** The stream from which service k's errors are drawn is `errorStream + k`. */
  constructor(parts: RequestParts, errorStream: number) {
    const { spec, topology } = parts.context;
    this.#parts = parts;
    this.#errorStream = errorStream;
    this.#coreSeconds = parts.plan.coreSeconds;
    this.#disk = topology.replicaDisk;
    this.#warmUpMicros = Float64Array.from(spec.services, (service) => 1e6 * service.warmUpSeconds);
    this.#warmUpFactor = Float64Array.from(spec.services, (service) => service.warmUpFactor);
  }

  bind(): void {
    const { state } = this.#parts;
    this.#fields = state.entities.value;
    this.#times = state.times.value;
    this.#stations = state.stations.value;
    this.#loads = state.loads.value;
  }

  /** Empties all queues. */
  clear(): void {
    const { spec, topology } = this.#parts.context;
    for (let replica = 0; replica < topology.replicas; replica += 1) {
      const at = replica * STATION;
      const service = spec.services[topology.replicaService[replica]!]!;
      this.#stations[at + head] = NONE;
      this.#stations[at + tail] = NONE;
      this.#stations[at + Station.service] = topology.replicaService[replica]!;
      this.#stations[at + workers] = service.workers;
      this.#stations[at + inSystemMax] = service.workers + service.queueMax;
      this.#loads[replica * LOAD + holdSeconds] = service.serviceTimeSeconds;
    }
  }

  /** A request has reached a replica. */
  arrive(entity: number): void {
    const stations = this.#stations;
    const replica = this.#fields[entity * ROW + Field.replica]!;
    const at = replica * STATION;
    const met = stations[at + answer]!;
    if (met === Answer.silent) {
      this.#parts.attempts.loseAnswer(entity);
      return;
    }
    const isFull = stations[at + inSystem]! >= stations[at + inSystemMax]!;
    if (met === Answer.refuses || (isFull && met === Answer.serves)) {
      this.#parts.attempts.answer(entity, Ending.refused);
      return;
    }
    // A process that hangs leaves what it does not accept without an answer.
    if (isFull) {
      this.#parts.attempts.loseAnswer(entity);
      return;
    }
    stations[at + inSystem]! += 1;
    this.#loads[replica * LOAD + balanceMicros]! -= this.#parts.nowMicros;
    this.#parts.state.inside.entered[replica]! += 1;
    if (met === Answer.serves && stations[at + busy]! < stations[at + workers]!) this.#start(entity, replica);
    else this.#enqueue(entity, at);
  }

  /** A disk no longer hangs, perhaps. */
  retryDisk(entity: number): void {
    this.#work(entity, this.#fields[entity * ROW + Field.replica]!);
  }

  /** All work and calls of a request are done: it is answered, and the worker takes up the next. */
  finish(entity: number): void {
    const at = entity * ROW;
    const replica = this.#fields[at + Field.replica]!;
    const station = replica * STATION;
    const load = replica * LOAD;
    const { nowMicros, hosts, attempts } = this.#parts;
    const service = this.#stations[station + Station.service]!;
    const held = (nowMicros - this.#times[entity * TIMES + Time.started]!) / 1e6;
    this.#stations[station + inSystem]! -= 1;
    this.#stations[station + busy]! -= 1;
    this.#loads[load + balanceMicros]! += nowMicros;
    this.#loads[load + holdSeconds]! += HOLD_SHARE * (held - this.#loads[load + holdSeconds]!);
    this.#parts.state.inside.finished[replica]! += 1;
    if (this.#coreSeconds[service]! > 0) hosts.use(replica, this.#coreSeconds[service]!);
    const ending = this.#endingOf(at, replica, service);
    if (this.#fields[at + Field.wrote] === 1 && ending === Ending.good) {
      this.#parts.disks.acknowledge(replica, nowMicros);
    }
    attempts.answer(entity, ending);
    this.takeUp(replica);
  }

  /** Free workers take up requests that wait. */
  takeUp(replica: number): void {
    const stations = this.#stations;
    const at = replica * STATION;
    if (stations[at + answer] !== Answer.serves) return;
    while (stations[at + head]! !== NONE && stations[at + busy]! < stations[at + workers]!) {
      const entity = stations[at + head]!;
      const next = this.#fields[entity * ROW + Field.next]!;
      stations[at + head] = next;
      if (next === NONE) stations[at + tail] = NONE;
      this.#start(entity, replica);
    }
  }

  /** Forgets the requests in a replica; the entities are the caller's to settle. */
  empty(replica: number): void {
    const at = replica * STATION;
    const load = replica * LOAD;
    const inside = this.#stations[at + inSystem]!;
    this.#loads[load + balanceMicros]! += inside * this.#parts.nowMicros;
    this.#parts.hosts.empty(replica);
    this.#parts.state.inside.dropped[replica]! += inside;
    this.#stations[at + inSystem] = 0;
    this.#stations[at + busy] = 0;
    this.#stations[at + head] = NONE;
    this.#stations[at + tail] = NONE;
  }

  #enqueue(entity: number, at: number): void {
    const last = this.#stations[at + tail]!;
    this.#fields[entity * ROW + Field.stage] = Stage.queued;
    this.#fields[entity * ROW + Field.next] = NONE;
    if (last === NONE) this.#stations[at + head] = entity;
    else this.#fields[last * ROW + Field.next] = entity;
    this.#stations[at + tail] = entity;
  }

  #start(entity: number, replica: number): void {
    this.#stations[replica * STATION + busy]! += 1;
    this.#times[entity * TIMES + Time.started] = this.#parts.nowMicros;
    this.#parts.calls.prepare(entity, this.#stations[replica * STATION + Station.service]!);
    this.#work(entity, replica);
  }

  /**
   * Own work: a drawn time, the wait for cores and the disk's. Who works longer needs cores for longer. Cores do the work
   * they are given in turn, at the rate of the limit: their wait is what they still have to do.
   */
  #work(entity: number, replica: number): void {
    const { nowMicros, hosts, disks, heap } = this.#parts;
    const load = replica * LOAD;
    const service = this.#stations[replica * STATION + Station.service]!;
    const drawn = this.#parts.times.draw(service);
    let micros = this.#loads[load + ownMicros]! * drawn;
    if (this.#loads[load + warmUntilMicros]! > nowMicros) micros *= this.#coldFactor(load, service);
    micros += this.#loads[load + delayMicros]!;
    if (this.#coreSeconds[service]! > 0) micros += hosts.queue(replica, this.#coreSeconds[service]! * drawn, nowMicros);
    if (this.#disk[replica]! >= 0) {
      const seconds = disks.work(replica, nowMicros);
      if (seconds === Number.POSITIVE_INFINITY) {
        this.#fields[entity * ROW + Field.stage] = Stage.stuck;
        return;
      }
      micros += seconds * 1e6;
      if (disks.failed) this.#fields[entity * ROW + Field.failed] = 1;
      this.#fields[entity * ROW + Field.wrote] = disks.wrote ? 1 : 0;
    }
    this.#fields[entity * ROW + Field.stage] = Stage.working;
    heap.push(nowMicros + Math.floor(micros + 0.5), entity);
  }

  /** Slower just after the start; falls linearly to 1. */
  #coldFactor(load: number, service: number): number {
    const left = (this.#loads[load + warmUntilMicros]! - this.#parts.nowMicros) / this.#warmUpMicros[service]!;
    return 1 + (this.#warmUpFactor[service]! - 1) * Math.min(1, left);
  }

  #endingOf(at: number, replica: number, service: number): number {
    if (this.#fields[at + Field.failed] === 1) return Ending.error;
    const chance = this.#loads[replica * LOAD + errorRatio]!;
    if (chance <= 0) return Ending.good;
    return this.#parts.streams.uniform(this.#errorStream + service) < chance ? Ending.error : Ending.good;
  }
}

/** Whether an entity at this stage is inside its replica. */
export function isInside(stage: number): boolean {
  return stage >= Stage.queued && stage <= Stage.halted;
}
