/** Dense ids and adjacency of a cluster, computed once from its spec. */

import { assert } from '../base/index.ts';
import type { CallSpec, ClusterSpec, ComponentKind } from './spec.ts';

/** Lists of integers by row, in one array: row i is `items[starts[i]..starts[i + 1])`. */
export interface Rows {
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/**
 * Ids of everything in a cluster. Components are numbered services, nodes, links (uplinks in node order, then
 * interconnects of zone pairs i < j), disks (one per initial replica of each service with storage).
 */
export interface ClusterTopology {
  readonly services: number;
  readonly nodes: number;
  readonly links: number;
  readonly disks: number;
  readonly calls: number;
  /** Replica slots over all services: each service owns `replicasMax` consecutive ones. */
  readonly replicas: number;
  readonly components: number;
  readonly offsets: Readonly<Record<ComponentKind, number>>;
  readonly counts: Readonly<Record<ComponentKind, number>>;
  readonly componentNames: readonly string[];
  /** First replica slot of each service; one more entry at the end. */
  readonly replicaStart: Int32Array;
  readonly replicaService: Int32Array;
  /** Disk of a replica slot, -1 = none. */
  readonly replicaDisk: Int32Array;
  readonly diskReplica: Int32Array;
  readonly diskService: Int32Array;
  readonly nodeZone: Int32Array;
  /** Interconnect link of a pair of zones (zones x zones), -1 on the diagonal. */
  readonly interconnect: Int32Array;
  /** The two zones of each interconnect, or -1 for an uplink. */
  readonly linkZones: Int32Array;
  /** Services, callers before callees. */
  readonly callerFirst: Int32Array;
  readonly callsOut: Rows;
  readonly callsIn: Rows;
  /**
   * Ports: first the callers' ends, one per caller slot of each call, then the callees' ends, one per callee slot of
   * each call and then of each workload.
   */
  readonly ports: number;
  /** Callers' ends, of which breakers and caches keep a row each. */
  readonly callerPorts: number;
  /** First caller's end of each call, with an end. */
  readonly callerPortStart: Int32Array;
  /** First callee's end of each call and then of each workload, with an end. */
  readonly calleePortStart: Int32Array;
  readonly portReplica: Int32Array;
}

/** Numbers everything in the cluster. The spec's calls must form no cycle. */
export function clusterTopology(spec: ClusterSpec): ClusterTopology {
  const slots = replicaSlots(spec);
  const zones = spec.zones.length;
  const network = zoneLinks(spec, zones);
  const counts = {
    service: spec.services.length,
    node: spec.nodes.length,
    link: spec.nodes.length + (zones * (zones - 1)) / 2,
    disk: slots.diskReplica.length,
  };
  const offsets = {
    service: 0,
    node: counts.service,
    link: counts.service + counts.node,
    disk: counts.service + counts.node + counts.link,
  };
  return {
    services: counts.service,
    nodes: counts.node,
    links: counts.link,
    disks: counts.disk,
    calls: spec.calls.length,
    replicas: slots.replicaService.length,
    components: offsets.disk + counts.disk,
    offsets,
    counts,
    componentNames: componentNames(spec, slots.diskService),
    ...slots,
    ...network,
    ...portNumbers(spec, slots.replicaStart),
    nodeZone: Int32Array.from(spec.nodes, (node) => node.zone),
    callerFirst: callerFirstOrder(spec),
    callsOut: group(spec.calls, counts.service, (call) => call.caller),
    callsIn: group(spec.calls, counts.service, (call) => call.callee),
  };
}

/** Kind and index within the kind of a component. */
export function componentAt(
  topology: ClusterTopology,
  component: number,
): { readonly kind: ComponentKind; readonly index: number } {
  const { offsets } = topology;
  if (component >= offsets.disk) return { kind: 'disk', index: component - offsets.disk };
  if (component >= offsets.link) return { kind: 'link', index: component - offsets.link };
  if (component >= offsets.node) return { kind: 'node', index: component - offsets.node };
  return { kind: 'service', index: component };
}

function replicaSlots(spec: ClusterSpec) {
  const replicaStart = new Int32Array(spec.services.length + 1);
  const service: number[] = [];
  const disk: number[] = [];
  const diskReplica: number[] = [];
  const diskService: number[] = [];
  spec.services.forEach((each, index) => {
    for (let slot = 0; slot < each.replicasMax; slot += 1) {
      const hasDisk = each.storage !== null && slot < each.replicas;
      disk.push(hasDisk ? diskReplica.length : -1);
      if (hasDisk) {
        diskReplica.push(service.length);
        diskService.push(index);
      }
      service.push(index);
    }
    replicaStart[index + 1] = service.length;
  });
  return {
    replicaStart,
    replicaService: Int32Array.from(service),
    replicaDisk: Int32Array.from(disk),
    diskReplica: Int32Array.from(diskReplica),
    diskService: Int32Array.from(diskService),
  };
}

function portNumbers(spec: ClusterSpec, replicaStart: Int32Array) {
  const portReplica: number[] = [];
  const add = (services: readonly number[]): Int32Array => {
    const starts = new Int32Array(services.length + 1);
    services.forEach((service, index) => {
      starts[index] = portReplica.length;
      for (let slot = replicaStart[service]!; slot < replicaStart[service + 1]!; slot += 1) portReplica.push(slot);
    });
    starts[services.length] = portReplica.length;
    return starts;
  };
  const callerPortStart = add(spec.calls.map((call) => call.caller));
  const callerPorts = portReplica.length;
  const calleePortStart = add([
    ...spec.calls.map((call) => call.callee),
    ...spec.workloads.map((each) => each.service),
  ]);
  const ports = portReplica.length;
  return { ports, callerPorts, callerPortStart, calleePortStart, portReplica: Int32Array.from(portReplica) };
}

function zoneLinks(spec: ClusterSpec, zones: number) {
  const interconnect = new Int32Array(zones * zones).fill(-1);
  const linkZones: number[] = spec.nodes.flatMap(() => [-1, -1]);
  for (let first = 0; first < zones; first += 1) {
    for (let second = first + 1; second < zones; second += 1) {
      const link = linkZones.length / 2;
      interconnect[first * zones + second] = link;
      interconnect[second * zones + first] = link;
      linkZones.push(first, second);
    }
  }
  return { interconnect, linkZones: Int32Array.from(linkZones) };
}

function componentNames(spec: ClusterSpec, diskService: Int32Array): string[] {
  const pairs = spec.zones.flatMap((zone, first) => spec.zones.slice(first + 1).map((other) => `${zone}--${other}`));
  const diskNumbers = new Map<number, number>();
  const disks = Array.from(diskService, (service) => {
    const number = diskNumbers.get(service) ?? 0;
    diskNumbers.set(service, number + 1);
    return `${spec.services[service]!.name}-disk-${number}`;
  });
  return [
    ...spec.services.map((service) => service.name),
    ...spec.nodes.map((node) => node.name),
    ...spec.nodes.map((node) => `${node.name}-uplink`),
    ...pairs,
    ...disks,
  ];
}

function group(calls: readonly CallSpec[], rows: number, rowOf: (call: CallSpec) => number): Rows {
  const lists: number[][] = Array.from({ length: rows }, () => []);
  calls.forEach((call, index) => {
    lists[rowOf(call)]!.push(index);
  });
  const starts = new Int32Array(rows + 1);
  lists.forEach((list, row) => {
    starts[row + 1] = starts[row]! + list.length;
  });
  return { starts, items: Int32Array.from(lists.flat()) };
}

/** Kahn's algorithm, always taking the lowest ready index, so that the order depends on the spec alone. */
function callerFirstOrder(spec: ClusterSpec): Int32Array {
  const waiting = new Int32Array(spec.services.length);
  const callsBy: CallSpec[][] = spec.services.map(() => []);
  for (const call of spec.calls) {
    waiting[call.callee]! += 1;
    callsBy[call.caller]!.push(call);
  }
  const order: number[] = [];
  const ready = [...waiting.keys()].filter((service) => waiting[service] === 0);
  for (const service of ready) {
    order.push(service);
    for (const call of callsBy[service]!) {
      waiting[call.callee]! -= 1;
      if (waiting[call.callee] === 0) ready.push(call.callee);
    }
  }
  assert(order.length === spec.services.length, 'the calls of a cluster form no cycle');
  return Int32Array.from(order);
}
