/** Disks under leaders as M/M/1 queues of operations, what they do to requests, and writes acknowledged. */

import { exp, log } from '../../base/index.ts';
import type { StorageSpec } from '../../cluster/index.ts';
import type { FlowParts } from './parts.ts';
import { Answer, REPLICA_WIDTH, Replica } from './rows.ts';

/** A saturated disk is this busy in the formula of its wait; its capacity bounds the load anyway. */
const UTILISATION_MAX = 0.98;
/** Share of the new estimate of the wait, against swings between wait and load. */
const SMOOTHING = 0.5;
/** Over how many seconds the rate of writes is averaged. */
const WRITES_SECONDS = 5;

/** Works out disks before the tick and accounts for them after it. */
export class Storage {
  readonly #parts: FlowParts;

  constructor(parts: FlowParts) {
    this.#parts = parts;
  }

  /** What each disk adds to the requests of its replica in this tick. */
  prepare(): void {
    const { context } = this.#parts;
    for (let disk = 0; disk < context.topology.disks; disk += 1) this.#prepareDisk(disk);
  }

  /** Operations of the tick, and the rate of acknowledged writes. */
  finish(): void {
    const { context } = this.#parts;
    for (let disk = 0; disk < context.topology.disks; disk += 1) this.#finishDisk(disk);
  }

  #prepareDisk(disk: number): void {
    const { flow } = this.#parts;
    const replica = this.#parts.context.topology.diskReplica[disk]!;
    const storage = this.#storage(disk);
    const operation = this.#operationSeconds(disk, storage);
    const utilisation = Math.min(UTILISATION_MAX, flow.disks.operationRate[disk]! * operation);
    const wait = operation / (1 - utilisation);
    const before = flow.disks.awaitSeconds[disk]!;
    const smoothed = before > 0 ? before + SMOOTHING * (wait - before) : wait;
    flow.disks.awaitSeconds[disk] = smoothed;
    const row = this.#parts.replicas;
    const at = replica * REPLICA_WIDTH;
    const perRequest = storage.operationsPerRequest * operation;
    row[at + Replica.diskSeconds] = storage.operationsPerRequest * smoothed;
    row[at + Replica.diskSecondsLeast] = perRequest;
    row[at + Replica.diskRateMax] = perRequest > 0 ? 1 / perRequest : Number.POSITIVE_INFINITY;
    row[at + Replica.diskErrorRatio] = this.#requestErrors(disk, storage);
  }

  #operationSeconds(disk: number, storage: StorageSpec): number {
    return this.#parts.context.effects.values.diskSlow[disk]! / storage.operationsPerSecondMax;
  }

  /** Share of requests that fail: operations in error, and writes above the watermark. */
  #requestErrors(disk: number, storage: StorageSpec): number {
    const { effects, state } = this.#parts.context;
    const { diskLost, diskErrors, diskHoard } = effects.values;
    if (diskLost[disk]! > 0 || state.disks.intact[disk] === 0) return 1;
    const full = state.disks.usedBytes[disk]! + diskHoard[disk]! > storage.watermarkRatio * storage.diskBytes;
    const writesFail = full ? storage.writeRatio : 0;
    const errors = diskErrors[disk]!;
    if (errors <= 0) return writesFail;
    const operationsPass = errors >= 1 ? 0 : exp(storage.operationsPerRequest * log(1 - errors));
    return 1 - operationsPass * (1 - writesFail);
  }

  #finishDisk(disk: number): void {
    const { plan, flow, context } = this.#parts;
    const { topology, state, meters, effects } = context;
    const storage = this.#storage(disk);
    const service = topology.diskService[disk]!;
    const replica = topology.diskReplica[disk]!;
    const leads = state.services.leader[service] === replica;
    const row = this.#parts.replicas;
    const at = replica * REPLICA_WIDTH;
    const serves = row[at + Replica.answer] === Answer.serves;
    if (leads) this.#countWrites(service, replica, serves ? storage.writeRatio : 0);
    // A follower writes what its leader has acknowledged.
    const own = row[at + Replica.completed]! * storage.operationsPerRequest;
    const rate = leads ? own : state.services.writesPerSecond[service]!;
    flow.disks.operationRate[disk] = serves ? rate : 0;
    const operations = flow.disks.operationRate[disk]! * plan.tickSeconds;
    const failing = effects.values.diskLost[disk]! > 0 ? 1 : effects.values.diskErrors[disk]!;
    meters.disks.operations[disk]! += operations;
    meters.disks.failures[disk]! += operations * failing;
    meters.disks.awaitSum[disk]! += operations * flow.disks.awaitSeconds[disk]!;
    const busy = operations * this.#operationSeconds(disk, storage);
    meters.disks.busySeconds[disk]! += Math.min(plan.tickSeconds, busy);
  }

  #countWrites(service: number, replica: number, writeRatio: number): void {
    const { plan, context } = this.#parts;
    const { writesPerSecond } = context.state.services;
    const row = this.#parts.replicas;
    const at = replica * REPLICA_WIDTH;
    const acknowledged = row[at + Replica.completed]! * writeRatio * row[at + Replica.responseSuccess]!;
    const share = Math.min(1, plan.tickSeconds / WRITES_SECONDS);
    writesPerSecond[service]! += share * (acknowledged - writesPerSecond[service]!);
  }

  #storage(disk: number): StorageSpec {
    const { topology, spec } = this.#parts.context;
    return spec.services[topology.diskService[disk]!]!.storage!;
  }
}
