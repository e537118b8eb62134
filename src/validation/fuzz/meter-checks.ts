/** Checks of the running totals: they are finite, only grow, and add up. */

import type { Cluster } from '../../cluster/index.ts';
import type { Complain } from './fuzz-report.ts';
import { noMore, ROUNDING } from './number-checks.ts';

/** Relative width of the cells of a histogram of latencies. */
const CELL_WIDTH = 1 / 16;

/** Follows the totals of one episode from step to step. */
export class MeterChecks {
  readonly #cluster: Cluster;
  readonly #columns: readonly MeterColumn[];
  readonly #before: readonly Float64Array[];
  /** 1 for replicas beside which another process has used the processor: its seconds are among theirs. */
  readonly #shared: Uint8Array;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#shared = new Uint8Array(cluster.topology.replicas);
    const { effects } = cluster;
    const { onChange } = effects;
    effects.onChange = (kind, target) => {
      if (kind === 'replicaCpuStolen') this.#shared[target] = 1;
      onChange(kind, target);
    };
    this.#columns = meterColumns(cluster);
    this.#before = this.#columns.map(({ values }) => values.slice());
  }

  /** Takes the totals as they are now for those of the last look. */
  remember(): void {
    this.#columns.forEach(({ values }, index) => {
      this.#before[index]!.set(values);
    });
  }

  /** Complains of what the totals cannot be, after a step. */
  check(complain: Complain): void {
    this.#columns.forEach((column, index) => {
      checkGrowth(column, this.#before[index]!, complain);
    });
    this.remember();
    checkUsers(this.#cluster, complain);
    checkServices(this.#cluster, complain);
    checkEntries(this.#cluster, complain);
    checkReplicas(this.#cluster, this.#shared, complain);
    checkLinks(this.#cluster, complain);
  }
}

interface MeterColumn {
  readonly name: string;
  readonly values: Float64Array;
}

function meterColumns({ meters }: Cluster): MeterColumn[] {
  return Object.entries(meters).flatMap(([table, columns]) =>
    Object.entries<Float64Array>(columns).map(([column, values]) => ({ name: `${table}.${column}`, values })),
  );
}

function checkGrowth({ name, values }: MeterColumn, before: Float64Array, complain: Complain): void {
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    const last = before[row]!;
    if (Number.isFinite(value) && value >= last - 1e-9 * Math.max(1, last)) continue;
    complain(`meter ${name}`, `row ${row} went from ${last} to ${value}`);
    return;
  }
}

/** Users: answered well or badly, shed, or without an answer; nobody gets what nobody sent. */
function checkUsers({ meters: { workloads }, spec }: Cluster, complain: Complain): void {
  spec.workloads.forEach(({ name, timeoutSeconds }, row) => {
    const { offered, shed, answered, good, latencySum, latencyP99Sum } = workloads;
    if (!noMore(shed[row]! + answered[row]!, offered[row]!)) {
      complain('users', `${name}: ${shed[row]} shed and ${answered[row]} answered of ${offered[row]}`);
    }
    if (!noMore(good[row]!, answered[row]!))
      complain('users', `${name}: ${good[row]} good of ${answered[row]} answers`);
    // Quantiles of the request engine are those of a histogram, whose cells are this wide.
    const most = answered[row]! * timeoutSeconds * (1 + CELL_WIDTH);
    if (!(noMore(latencySum[row]!, most) && noMore(latencyP99Sum[row]!, most))) {
      complain(
        'user latency',
        `${name}: latencies add up to ${latencySum[row]} and ${latencyP99Sum[row]}, over ${most}`,
      );
    }
  });
}

/** Attempts: each is answered, fails, or both (an error is an answer); none is without a sender. */
function checkServices(cluster: Cluster, complain: Complain): void {
  const { meters, spec } = cluster;
  const { requests, failures, answered, retries } = meters.services;
  spec.services.forEach(({ name }, row) => {
    const all = requests[row]!;
    if (!noMore(failures[row]!, all)) complain('service failures', `${name}: ${failures[row]} failures of ${all}`);
    if (!noMore(answered[row]!, all)) complain('service answers', `${name}: ${answered[row]} answers of ${all}`);
    if (!noMore(retries[row]!, all)) complain('service retries', `${name}: ${retries[row]} retries of ${all}`);
  });
}

/** A service that nobody calls gets what users send: exactly in the fluid, less those under way where requests are single. */
function checkEntries({ meters, spec, traffic }: Cluster, complain: Complain): void {
  spec.services.forEach(({ name }, service) => {
    if (spec.calls.some(({ callee }) => callee === service)) return;
    let users = 0;
    spec.workloads.forEach((workload, row) => {
      if (workload.service === service) users += meters.workloads.offered[row]! - meters.workloads.shed[row]!;
    });
    const requests = meters.services.requests[service]!;
    const isAllKnown = traffic.name === 'flow';
    if (noMore(users, requests) && (!isAllKnown || noMore(requests, users))) return;
    complain('entry requests', `${name}: users sent ${users} that were let in, but ${requests} came`);
  });
}

/** What reaches replicas is no more than what was sent to their service; what they did is no more than what reached them. */
function checkReplicas({ meters, spec, topology, traffic }: Cluster, shared: Uint8Array, complain: Complain): void {
  const { requests, failures, cpuSeconds } = meters.replicas;
  spec.services.forEach(({ name, workers, queueMax, cpuSecondsPerRequest }, service) => {
    let sum = 0;
    for (let slot = topology.replicaStart[service]!; slot < topology.replicaStart[service + 1]!; slot += 1) {
      const all = requests[slot]!;
      const inSystem = traffic.inSystem(slot);
      sum += all;
      if (!(inSystem >= 0 && noMore(inSystem, workers + queueMax))) {
        complain('requests in a replica', `${name} slot ${slot} holds ${inSystem} of at most ${workers + queueMax}`);
      }
      if (!noMore(failures[slot]!, all)) complain('replica failures', `slot ${slot}: ${failures[slot]} of ${all}`);
      const done = cpuSecondsPerRequest > 0 && shared[slot] === 0 ? cpuSeconds[slot]! / cpuSecondsPerRequest : 0;
      if (!noMore(done + inSystem, all)) {
        complain('work from nothing', `slot ${slot} of ${name}: ${done} done and ${inSystem} in it, of ${all} arrived`);
      }
      for (const seconds of [1e-6, 1, 1e6]) {
        const late = traffic.probeTimeoutProbability(slot, seconds);
        if (!(late >= 0 && late <= 1)) complain('probe chance', `slot ${slot}: ${late} for ${seconds} s`);
      }
    }
    if (!noMore(sum, meters.services.requests[service]!)) {
      complain('requests from nothing', `${name} was sent ${meters.services.requests[service]}, but got ${sum}`);
    }
  });
}

function checkLinks({ meters: { links, disks } }: Cluster, complain: Complain): void {
  links.lostBytes.forEach((lost, row) => {
    if (!noMore(lost, links.offeredBytes[row]!)) {
      complain('lost bytes', `link ${row} lost ${lost} of ${links.offeredBytes[row]} offered bytes`);
    }
    const carried = links.callBytes[row]! + links.foreignBytes[row]!;
    if (carried > links.offeredBytes[row]! * (1 + ROUNDING) + ROUNDING) {
      complain('carried bytes', `link ${row} carried ${carried} of ${links.offeredBytes[row]} offered bytes`);
    }
  });
  disks.failures.forEach((failed, row) => {
    if (!noMore(failed, disks.operations[row]!)) {
      complain('disk failures', `disk ${row} failed ${failed} of ${disks.operations[row]} operations`);
    }
  });
}
