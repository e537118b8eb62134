/** Disks under leaders as M/M/1 queues of operations, what they do to requests, and writes acknowledged. */

import { diskReadErrors, diskWriteErrors, type StorageSpec } from '../../cluster/index.ts';
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
    const { flow, context } = this.#parts;
    const replica = context.topology.diskReplica[disk]!;
    const storage = this.#storage(disk);
    const operation = flow.disks.operationSeconds[disk]!;
    const utilisation = Math.min(UTILISATION_MAX, flow.disks.operationRate[disk]! * operation);
    const wait = operation / (1 - utilisation);
    const before = flow.disks.awaitSeconds[disk]!;
    const smoothed = before > 0 ? before + SMOOTHING * (wait - before) : wait;
    flow.disks.awaitSeconds[disk] = smoothed;
    const row = this.#parts.replicas;
    const at = replica * REPLICA_WIDTH;
    const perRequest = storage.operationsPerRequest * operation;
    // No more requests are in front than there are workers.
    const { workers } = context.spec.services[context.topology.diskService[disk]!]!;
    row[at + Replica.diskSeconds] = Math.min(storage.operationsPerRequest * smoothed, perRequest * workers);
    row[at + Replica.diskSecondsLeast] = perRequest;
    row[at + Replica.diskRateMax] = perRequest > 0 ? 1 / perRequest : Number.POSITIVE_INFINITY;
    const writeErrors = diskWriteErrors(context, disk);
    flow.disks.writeErrors[disk] = writeErrors;
    row[at + Replica.diskErrorRatio] =
      storage.writeRatio * writeErrors + (1 - storage.writeRatio) * diskReadErrors(context, disk);
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
    if (leads) this.#countWrites(disk, serves ? storage.writeRatio : 0);
    // A follower writes what its leader has acknowledged.
    const own = row[at + Replica.completed]! * storage.operationsPerRequest;
    const rate = leads ? own : state.services.writesPerSecond[service]!;
    flow.disks.operationRate[disk] = serves ? rate : 0;
    const operations = (flow.disks.operationRate[disk]! + flow.disks.foreignRate[disk]!) * plan.tickSeconds;
    const failing = effects.values.diskLost[disk]! > 0 ? 1 : effects.values.diskErrors[disk]!;
    meters.disks.operations[disk]! += operations;
    meters.disks.failures[disk]! += operations * failing;
    meters.disks.awaitSum[disk]! += operations * (flow.disks.awaitSeconds[disk]! + effects.values.diskDelay[disk]!);
    const busy = operations * flow.disks.deviceSeconds[disk]!;
    meters.disks.busySeconds[disk]! += Math.min(plan.tickSeconds, busy);
  }

  /** Writes that succeeded; a disk that fails them all has none, whatever becomes of its reads. */
  #countWrites(disk: number, writeRatio: number): void {
    const { plan, flow, context } = this.#parts;
    const { writesPerSecond } = context.state.services;
    const service = context.topology.diskService[disk]!;
    const row = this.#parts.replicas;
    const at = context.topology.diskReplica[disk]! * REPLICA_WIDTH;
    const passes = 1 - row[at + Replica.diskErrorRatio]!;
    const writesPass = 1 - flow.disks.writeErrors[disk]!;
    const success = passes > 0 ? (row[at + Replica.responseSuccess]! / passes) * writesPass : 0;
    const acknowledged = row[at + Replica.completed]! * writeRatio * success;
    const share = Math.min(1, plan.tickSeconds / WRITES_SECONDS);
    writesPerSecond[service]! += share * (acknowledged - writesPerSecond[service]!);
  }

  #storage(disk: number): StorageSpec {
    const { topology, spec } = this.#parts.context;
    return spec.services[topology.diskService[disk]!]!.storage!;
  }
}
