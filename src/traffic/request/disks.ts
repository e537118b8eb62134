/** Disks of the request engine: a first-come-first-served device under each replica with storage, and writes acknowledged. */

import { RandomStreams, type StateLayout, type Table } from '../../base/index.ts';
import {
  Answer,
  answerOf,
  diskForeignShare,
  diskOperationSeconds,
  diskReadErrors,
  diskWriteErrors,
  type TrafficContext,
} from '../../cluster/index.ts';

/** Over how many seconds the rate of writes is averaged. */
const WRITES_SECONDS = 5;
/** A saturated follower is this idle in the formula of its wait. */
const IDLE_MIN = 0.02;

const diskColumns = {
  /** When the device is done with all it has been given. */
  freeMicros: 'f64',
  /** Device time given to it since the last reading of the meters, and what of it was left then, in seconds. */
  workSum: 'f64',
  unfinishedSeconds: 'f64',
  /** Seconds of one operation beside foreign ones, mean; delay that every operation has besides; foreign share of time. */
  operationSeconds: 'f64',
  delaySeconds: 'f64',
  foreignShare: 'f64',
  readErrors: 'f64',
  writeErrors: 'f64',
  /** Writes the leader acknowledged since the last reading. */
  acknowledged: 'f64',
  paused: 'u8',
} as const;

/** Works on disks and accounts for them. */
export class Disks {
  /** Whether the request of the last `work` failed, and whether it wrote. */
  failed: boolean = false;
  wrote: boolean = false;

  readonly #context: TrafficContext;
  readonly #disks: Table<typeof diskColumns>;
  readonly #clock: Table<{ settledMicros: 'f64' }>;
  /** Two streams per disk: kinds of requests, and times of operations. */
  readonly #streams: RandomStreams;

  constructor(layout: StateLayout, context: TrafficContext) {
    const { topology } = context;
    const names = topology.componentNames.slice(topology.offsets.disk);
    this.#context = context;
    this.#disks = layout.table('request.disk', topology.disks, diskColumns);
    this.#clock = layout.table('request.diskClock', 1, { settledMicros: 'f64' });
    const streams = names.flatMap((name) => [`disk/${name}/kind`, `disk/${name}/time`]);
    this.#streams = new RandomStreams(layout, streams, 'request.diskRandom');
  }

  /** Idle disks at time 0. */
  reset(seed: number | string): void {
    for (const column of Object.values(this.#disks)) column.fill(0);
    this.#clock.settledMicros[0] = 0;
    this.#streams.seed(seed);
    this.refresh();
  }

  /** Draws the rest from other streams. */
  reseed(seed: number | string): void {
    this.#streams.seed(seed);
  }

  /** Effects or the state of disks have changed. */
  refresh(): void {
    for (let disk = 0; disk < this.#context.topology.disks; disk += 1) this.#refreshDisk(disk);
  }

  /** Work of one request in a replica with storage: seconds until it is done; Infinity = it hangs. */
  work(replica: number, nowMicros: number): number {
    const disk = this.#context.topology.replicaDisk[replica]!;
    const { writeRatio, operationsPerRequest } = this.#storage(disk);
    const disks = this.#disks;
    const kind = 2 * disk;
    this.wrote = this.#streams.uniform(kind) < writeRatio;
    const errors = this.wrote ? disks.writeErrors[disk]! : disks.readErrors[disk]!;
    this.failed = errors > 0 && this.#streams.uniform(kind) < errors;
    const whole = Math.floor(operationsPerRequest);
    const part = operationsPerRequest - whole;
    const operations = part > 0 && this.#streams.uniform(kind) < part ? whole + 1 : whole;
    if (disks.paused[disk] === 1) return Infinity;
    if (operations === 0) return 0;
    return this.#operate(disk, operations, nowMicros);
  }

  /** The leader acknowledged a write. */
  acknowledge(replica: number, _nowMicros: number): void {
    this.#disks.acknowledged[this.#context.topology.replicaDisk[replica]!]! += 1;
  }

  /** Brings meters, and the rate of acknowledged writes, up to a time. */
  settle(toMicros: number): void {
    const elapsed = (toMicros - this.#clock.settledMicros[0]!) / 1e6;
    if (elapsed <= 0) return;
    this.#clock.settledMicros[0] = toMicros;
    for (let disk = 0; disk < this.#context.topology.disks; disk += 1) {
      this.#refreshErrors(disk);
      if (this.#leads(disk)) this.#countWrites(disk, elapsed);
      else this.#follow(disk, elapsed);
      this.#meter(disk, elapsed, toMicros);
    }
  }

  /** Operations one after another, behind those of others. */
  #operate(disk: number, operations: number, nowMicros: number): number {
    const { freeMicros, workSum, operationSeconds, delaySeconds } = this.#disks;
    const meter = this.#context.meters.disks;
    let seconds = 0;
    for (let operation = 0; operation < operations; operation += 1) {
      seconds += operationSeconds[disk]! * this.#streams.exponential(2 * disk + 1);
    }
    const begins = Math.max(nowMicros, freeMicros[disk]!);
    freeMicros[disk] = begins + 1e6 * seconds;
    workSum[disk]! += seconds;
    const total = (freeMicros[disk]! - nowMicros) / 1e6 + operations * delaySeconds[disk]!;
    meter.operations[disk]! += operations;
    meter.failures[disk]! += operations * this.#operationErrors(disk);
    meter.awaitSum[disk]! += total;
    return total;
  }

  #refreshDisk(disk: number): void {
    const { diskDelay, diskPaused, diskLost } = this.#context.effects.values;
    const foreign = diskForeignShare(this.#context, disk);
    this.#disks.foreignShare[disk] = foreign;
    this.#disks.operationSeconds[disk] = diskOperationSeconds(this.#context, disk) / (1 - foreign);
    this.#disks.delaySeconds[disk] = diskDelay[disk]!;
    this.#disks.paused[disk] = diskPaused[disk]!;
    if (diskLost[disk]! > 0) this.#disks.freeMicros[disk] = 0;
    this.#refreshErrors(disk);
  }

  /** A disk also fills up without any effect changing. */
  #refreshErrors(disk: number): void {
    this.#disks.readErrors[disk] = diskReadErrors(this.#context, disk);
    this.#disks.writeErrors[disk] = diskWriteErrors(this.#context, disk);
  }

  #countWrites(disk: number, elapsed: number): void {
    const { writesPerSecond } = this.#context.state.services;
    const service = this.#context.topology.diskService[disk]!;
    const share = Math.min(1, elapsed / WRITES_SECONDS);
    const rate = this.#disks.acknowledged[disk]! / elapsed;
    this.#disks.acknowledged[disk] = 0;
    writesPerSecond[service]! += share * (rate - writesPerSecond[service]!);
  }

  /** A follower writes what its leader has acknowledged: its device is busy, and its operations wait for each other. */
  #follow(disk: number, elapsed: number): void {
    this.#disks.acknowledged[disk] = 0;
    const { topology, state, meters } = this.#context;
    if (answerOf(this.#context, topology.diskReplica[disk]!) !== Answer.serves) return;
    const operations = elapsed * state.services.writesPerSecond[topology.diskService[disk]!]!;
    const seconds = this.#disks.operationSeconds[disk]!;
    const utilisation = Math.min(1, (operations * seconds) / elapsed);
    const waited = seconds / Math.max(IDLE_MIN, 1 - utilisation);
    meters.disks.operations[disk]! += operations;
    meters.disks.failures[disk]! += operations * this.#operationErrors(disk);
    meters.disks.awaitSum[disk]! += operations * (waited + this.#disks.delaySeconds[disk]!);
    meters.disks.busySeconds[disk]! += elapsed * utilisation * (1 - this.#disks.foreignShare[disk]!);
  }

  /** Device time of the service's own work, and all that foreign operations take. */
  #meter(disk: number, elapsed: number, toMicros: number): void {
    const { workSum, unfinishedSeconds, freeMicros, foreignShare, operationSeconds, delaySeconds } = this.#disks;
    const meter = this.#context.meters.disks;
    const left = Math.max(0, freeMicros[disk]! - toMicros) / 1e6;
    const worked = Math.max(0, workSum[disk]! + unfinishedSeconds[disk]! - left);
    const foreign = foreignShare[disk]!;
    workSum[disk] = 0;
    unfinishedSeconds[disk] = left;
    meter.busySeconds[disk]! += worked * (1 - foreign) + elapsed * foreign;
    if (foreign === 0) return;
    const operations = (elapsed * foreign) / (operationSeconds[disk]! * (1 - foreign));
    // Whoever comes at any time finds what is left now, on average.
    const wait = left + operationSeconds[disk]! + delaySeconds[disk]!;
    meter.operations[disk]! += operations;
    meter.failures[disk]! += operations * this.#operationErrors(disk);
    meter.awaitSum[disk]! += operations * wait;
  }

  #operationErrors(disk: number): number {
    const { diskLost, diskErrors } = this.#context.effects.values;
    return diskLost[disk]! > 0 ? 1 : diskErrors[disk]!;
  }

  #leads(disk: number): boolean {
    const { topology, state } = this.#context;
    return state.services.leader[topology.diskService[disk]!] === topology.diskReplica[disk];
  }

  #storage(disk: number) {
    const { topology, spec } = this.#context;
    return spec.services[topology.diskService[disk]!]!.storage!;
  }
}
