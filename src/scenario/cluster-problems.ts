/** What a schema cannot see: relations between the fields of a compiled cluster that must hold for it to make sense. */
import type { ErrorCode } from '../base/index.ts';
import {
  type ClusterSpec,
  clusterTopology,
  type NodeSpec,
  type ServiceSpec,
  type ServiceTimeShape,
} from '../cluster/index.ts';
import { findCallCycle } from './call-cycle.ts';
import { callProblem } from './call-problems.ts';
import { LIMITS } from './schema.ts';
import type { YamlPath } from './yaml-source.ts';

/** A problem, at the place it has in a scenario file. */
export interface ScenarioProblem {
  readonly path: YamlPath;
  readonly message: string;
  readonly hint?: string;
  readonly code?: ErrorCode;
}

/** The first problem of a cluster whose indices are in range, or undefined. */
export function clusterProblem(cluster: ClusterSpec): ScenarioProblem | undefined {
  return (
    cluster.services.map(serviceProblem).find((problem) => problem !== undefined) ??
    cluster.services.map(serviceTimeProblem).find((problem) => problem !== undefined) ??
    callProblem(cluster) ??
    sizeProblem(cluster) ??
    cycleProblem(cluster) ??
    nameProblem(cluster) ??
    controlProblem(cluster) ??
    capacityProblem(cluster)
  );
}

/** Rules that must hold, as [holds, fields below the service, message]. */
function serviceProblem(service: ServiceSpec): ScenarioProblem | undefined {
  const { storage } = service;
  const rules: readonly (readonly [boolean, string[], string])[] = [
    [
      service.replicasRequired <= service.replicas,
      ['replicasRequired'],
      `more replicas are required than there are (${service.replicas})`,
    ],
    [
      service.replicasMax >= service.replicas,
      ['replicasMax'],
      `is less than the number of replicas (${service.replicas})`,
    ],
    [
      service.placement.length === 0 || service.placement.length === service.replicas,
      ['nodes'],
      `names ${service.placement.length} nodes for ${service.replicas} replicas; name one per replica, or none`,
    ],
    [service.cpuRequestCores <= service.cpuLimitCores, ['cpu', 'request'], 'is more than the limit'],
    [service.memoryRequestBytes <= service.memoryLimitBytes, ['memory', 'request'], 'is more than the limit'],
    [
      service.memoryBaseBytes < service.memoryLimitBytes,
      ['memory', 'base'],
      'must be less than the limit, or the process is killed at once',
    ],
    [
      storage === null || storage.usedBytes < storage.diskBytes * storage.watermarkRatio,
      ['storage', 'used'],
      'must be below the watermark share of the disk, or writes fail from the start',
    ],
  ];
  const broken = rules.find(([holds]) => !holds);
  return broken && { path: ['services', service.name, ...broken[1]], message: broken[2] };
}

/** Which coefficients of variation each shape of service times can have. */
const variations: Readonly<Record<ServiceTimeShape, { readonly fits: (variation: number) => boolean; words: string }>> =
  {
    exponential: { fits: (variation) => variation === 1, words: '1' },
    deterministic: { fits: (variation) => variation === 0, words: '0' },
    lognormal: { fits: (variation) => variation > 0, words: 'more than 0' },
    gamma: { fits: (variation) => variation > 0, words: 'more than 0' },
    hyperexponential: { fits: (variation) => variation > 1, words: 'more than 1' },
  };

function serviceTimeProblem({ name, serviceTimeShape, serviceTimeCv }: ServiceSpec): ScenarioProblem | undefined {
  const { fits, words } = variations[serviceTimeShape];
  if (fits(serviceTimeCv)) return undefined;
  return {
    path: ['services', name, 'serviceTimeShape'],
    message: `${serviceTimeShape} service times have a serviceTimeCv of ${words}, not ${serviceTimeCv}`,
    hint: 'State one of the two only: the shape follows from serviceTimeCv, and 1 is the coefficient left out.',
  };
}

function sizeProblem({ services, calls }: ClusterSpec): ScenarioProblem | undefined {
  const replicas = services.reduce((sum, service) => sum + service.replicasMax, 0);
  if (replicas > LIMITS.replicas) {
    return { path: ['services'], message: `there could be ${replicas} replicas, more than ${LIMITS.replicas}` };
  }
  if (calls.length <= LIMITS.calls) return undefined;
  return { path: ['services'], message: `there are ${calls.length} calls, more than ${LIMITS.calls}` };
}

function cycleProblem(cluster: ClusterSpec): ScenarioProblem | undefined {
  const cycle = findCallCycle(cluster.services.length, cluster.calls);
  if (cycle === null) return undefined;
  const nameOf = (service: number | undefined) => cluster.services[service ?? -1]?.name ?? '';
  const calls = cycle.map((index) => cluster.calls[index]);
  const last = calls[calls.length - 1];
  return {
    code: 'SCENARIO_CALL_CYCLE',
    path: ['services', nameOf(last?.caller), 'calls', nameOf(last?.callee)],
    message: `the calls form a cycle: ${[...calls.map((call) => nameOf(call?.caller)), nameOf(last?.callee)].join(' -> ')}`,
  };
}

/** Faults, repairs and reports name components, so no two may share a name. */
function nameProblem(cluster: ClusterSpec): ScenarioProblem | undefined {
  const taken = new Set<string>();
  for (const [id, name] of clusterTopology(cluster).componentNames.entries()) {
    if (taken.has(name)) {
      const path = id < cluster.services.length ? ['services', name] : ['nodes'];
      return {
        path,
        message: `two components are called ${name} (services, nodes, links and disks share their names)`,
      };
    }
    taken.add(name);
  }
  return (
    duplicate(cluster.zones, 'zones') ??
    duplicate(
      cluster.workloads.map((each) => each.name),
      'workloads',
    )
  );
}

function duplicate(names: readonly string[], list: string): ScenarioProblem | undefined {
  const index = names.findIndex((name, position) => names.indexOf(name) < position);
  return index < 0 ? undefined : { path: [list, index], message: `the name ${names[index]} occurs twice` };
}

function controlProblem({ control }: ClusterSpec): ScenarioProblem | undefined {
  if (control.crashBackoffSecondsMax < control.crashBackoffSeconds) {
    return { path: ['control', 'crashBackoffMax'], message: 'is less than the first back-off' };
  }
  if (control.nodeGraceSeconds < control.heartbeatSeconds) {
    return {
      path: ['control', 'nodeGrace'],
      message: 'is less than the heartbeat, so healthy nodes would count as lost',
    };
  }
  return undefined;
}

/** What the replicas request must fit, or some would wait for a place for ever. */
function capacityProblem({ nodes, services }: ClusterSpec): ScenarioProblem | undefined {
  for (const resource of RESOURCES) {
    const free = nodes.map(resource.has);
    for (const service of services) {
      for (const node of service.placement) free[node] = (free[node] ?? 0) - resource.needs(service);
    }
    const full = free.findIndex((rest) => rest < 0);
    if (full >= 0) return { path: ['nodes'], message: `${nodes[full]?.name} has less ${resource.name} than requested` };
    const unplaced = services.filter((service) => service.placement.length === 0);
    const replicas = unplaced.flatMap((service) => Array.from({ length: service.replicas }, () => service));
    // First-fit decreasing: the scheduler may spread otherwise, but what this cannot pack is too tight for it as well.
    replicas.sort((a, b) => resource.needs(b) - resource.needs(a));
    const left = replicas.find((service) => !takeFirst(free, resource.needs(service)));
    if (left) {
      return {
        path: ['nodes'],
        message: `the nodes have less ${resource.name} than the replicas request (${left.name})`,
      };
    }
  }
  return undefined;
}

interface Resource {
  readonly name: string;
  has(node: NodeSpec): number;
  needs(service: ServiceSpec): number;
}

const RESOURCES: readonly Resource[] = [
  { name: 'cpu', has: (node) => node.cores, needs: (service) => service.cpuRequestCores },
  { name: 'memory', has: (node) => node.memoryBytes, needs: (service) => service.memoryRequestBytes },
];

function takeFirst(free: number[], need: number): boolean {
  const node = free.findIndex((rest) => rest >= need);
  if (node >= 0) free[node] = (free[node] ?? 0) - need;
  return node >= 0;
}
