/** Machines of the request engine: how the replicas on one share its cores with each other and with foreign work. */

import type { StateLayout, Table } from '../../base/index.ts';
import { CPU_SHARE_MIN, cpuLimitCores, cpuStolenCores, type TrafficContext } from '../../cluster/index.ts';
import { CoreShares } from '../core-shares.ts';

const replicaColumns = {
  /** Core-seconds of finished work since the last reading of the meters, and since cores were last shared. */
  usedSeconds: 'f64',
  sharedSeconds: 'f64',
  /** The same of work given to the cores, and when they will have done all of it. */
  givenSeconds: 'f64',
  freeMicros: 'f64',
  /** Cores its process may use by its limit and what is stolen of it, and on its machine. */
  limitCores: 'f64',
  cores: 'f64',
  stolenCores: 'f64',
  demandCores: 'f64',
  stretch: 'f64',
} as const;

const nodeColumns = { stolenCores: 'f64' } as const;

/** Shares the cores of every machine. */
export class Hosts {
  readonly #context: TrafficContext;
  readonly #replicas: Table<typeof replicaColumns>;
  readonly #nodes: Table<typeof nodeColumns>;
  readonly #clock: Table<{ settledMicros: 'f64'; sharedMicros: 'f64' }>;
  /** Limit of each replica as its service declares it. */
  readonly #limit: Float64Array;
  readonly #shares: CoreShares;

  constructor(layout: StateLayout, context: TrafficContext) {
    this.#context = context;
    this.#replicas = layout.table('request.hostReplica', context.topology.replicas, replicaColumns);
    this.#nodes = layout.table('request.hostNode', context.topology.nodes, nodeColumns);
    this.#clock = layout.table('request.hostClock', 1, { settledMicros: 'f64', sharedMicros: 'f64' });
    const { services } = context.spec;
    this.#limit = Float64Array.from(context.topology.replicaService, (service) => services[service]!.cpuLimitCores);
    this.#shares = new CoreShares(context.spec);
  }

  /** Idle machines at time 0. */
  reset(): void {
    for (const column of Object.values(this.#replicas)) column.fill(0);
    this.#clock.settledMicros[0] = 0;
    this.#clock.sharedMicros[0] = 0;
    this.refresh();
    this.#replicas.cores.set(this.#replicas.limitCores);
    for (let replica = 0; replica < this.#limit.length; replica += 1) this.#stretch(replica);
  }

  /** Effects, or where replicas run, have changed. */
  refresh(): void {
    const { state, effects } = this.#context;
    const { limitCores, cores, stolenCores } = this.#replicas;
    const nodes = this.#nodes;
    nodes.stolenCores.set(effects.values.nodeCpuStolen);
    for (let replica = 0; replica < this.#limit.length; replica += 1) {
      const node = state.replicas.node[replica]!;
      limitCores[replica] = cpuLimitCores(this.#context, replica);
      stolenCores[replica] = cpuStolenCores(this.#context, replica);
      cores[replica] = Math.min(cores[replica]!, limitCores[replica]!);
      this.#stretch(replica);
      if (node >= 0) nodes.stolenCores[node]! += stolenCores[replica]!;
    }
  }

  /** How much longer than with its whole limit work on cores takes in a replica now; at least 1. */
  stretch(replica: number): number {
    return this.#replicas.stretch[replica]!;
  }

  /**
   * Gives work to the cores of a replica, which do it in turn. Returns the microseconds of work in front of it.
   */
  queue(replica: number, coreSeconds: number, nowMicros: number): number {
    const { freeMicros, givenSeconds, stretch } = this.#replicas;
    const wait = Math.max(0, freeMicros[replica]! - nowMicros);
    freeMicros[replica] = nowMicros + wait + (1e6 * coreSeconds * stretch[replica]!) / this.#limit[replica]!;
    givenSeconds[replica]! += coreSeconds;
    return wait;
  }

  /** The work of a replica is gone with its process. */
  empty(replica: number): void {
    this.#replicas.freeMicros[replica] = 0;
  }

  /** A replica has used cores. */
  use(replica: number, coreSeconds: number): void {
    this.#replicas.usedSeconds[replica]! += coreSeconds;
  }

  /** Brings meters up to a time, and every tick the shares of cores. */
  settle(toMicros: number): void {
    const { state, meters, spec } = this.#context;
    const { usedSeconds, sharedSeconds, stolenCores } = this.#replicas;
    const elapsed = (toMicros - this.#clock.settledMicros[0]!) / 1e6;
    if (elapsed <= 0) return;
    this.#clock.settledMicros[0] = toMicros;
    for (let replica = 0; replica < this.#limit.length; replica += 1) {
      meters.replicas.cpuSeconds[replica]! += usedSeconds[replica]! + elapsed * stolenCores[replica]!;
      sharedSeconds[replica]! += usedSeconds[replica]!;
      usedSeconds[replica] = 0;
    }
    const since = (toMicros - this.#clock.sharedMicros[0]!) / 1e6;
    if (since < spec.tickSeconds) return;
    this.#clock.sharedMicros[0] = toMicros;
    state.nodes.cpuUsedCores.fill(0);
    const { demandCores: demand, limitCores: limit } = this.#replicas;
    for (let replica = 0; replica < this.#limit.length; replica += 1) this.#takeDemand(replica, since);
    this.#shares.share(state, { demand, limit, stolen: this.#nodes.stolenCores });
    for (let replica = 0; replica < this.#limit.length; replica += 1) this.#allot(replica);
  }

  /** What a replica wants: cores for the work it was given and for what it has not got to. */
  #takeDemand(replica: number, since: number): void {
    const { state } = this.#context;
    const { sharedSeconds, givenSeconds, freeMicros, cores, demandCores, stolenCores } = this.#replicas;
    const node = state.replicas.node[replica]!;
    const used = sharedSeconds[replica]! / since;
    const backlog = (Math.max(0, freeMicros[replica]! - this.#clock.sharedMicros[0]!) / 1e6) * cores[replica]!;
    demandCores[replica] = (givenSeconds[replica]! + backlog) / since;
    sharedSeconds[replica] = 0;
    givenSeconds[replica] = 0;
    if (node >= 0) state.nodes.cpuUsedCores[node]! += used + stolenCores[replica]!;
  }

  /** The share of its limit that all on the machine get who want more. */
  #allot(replica: number): void {
    const { limitCores, cores } = this.#replicas;
    const node = this.#context.state.replicas.node[replica]!;
    if (node < 0) return;
    const least = CPU_SHARE_MIN * this.#limit[replica]!;
    cores[replica] = Math.max(least, this.#shares.level[node]! * limitCores[replica]!);
    this.#stretch(replica);
  }

  #stretch(replica: number): void {
    this.#replicas.stretch[replica] = Math.max(1, this.#limit[replica]! / this.#replicas.cores[replica]!);
  }
}
