/** Compiles the machines, links, services, calls and workloads of a document: names become indices. */
import type {
  ClusterSpec,
  ControlSpec,
  MonitoringSpec,
  NetworkSpec,
  NodeSpec,
  WorkloadSpec,
} from '../cluster/index.ts';
import { compileCall, compileService } from './compile-service.ts';
import {
  type Complete,
  DEFAULT_CONTROL,
  DEFAULT_MONITORING,
  DEFAULT_NETWORK,
  DEFAULT_NODE,
  DEFAULT_TICK,
  DEFAULT_WORKLOAD,
  DEFAULT_ZONE,
} from './defaults.ts';
import type {
  ControlSection,
  MonitoringSection,
  NetworkSection,
  NodeSection,
  ScenarioDocument,
  WorkloadSection,
} from './document.ts';
import { layered } from './layered.ts';
import { type Locate, unknownName } from './scenario-error.ts';
import { bytes, bytesPerSecond, cores, perSecond, ratio, seconds } from './units.ts';
import type { YamlPath } from './yaml-source.ts';

/** The cluster of a checked document. Throws SCENARIO_UNKNOWN_NAME; relations between fields are checked elsewhere. */
export function compileCluster(document: ScenarioDocument, locate: Locate): ClusterSpec {
  const zones = zoneNames(document);
  const nodes = compileNodes(document.nodes, zones, locate);
  const names = Object.keys(document.services);
  const serviceIndex = nameIndex('service', names, locate);
  const nodeIndex = nameIndex(
    'node',
    nodes.map((node) => node.name),
    locate,
  );
  return {
    zones,
    nodes,
    network: compileNetwork(document.network ?? {}),
    services: Object.entries(document.services).map(([name, section]) =>
      compileService(name, section, {
        defaults: document.defaults?.service ?? {},
        placement: (section.nodes ?? []).map((node, index) => nodeIndex(node, ['services', name, 'nodes', index])),
      }),
    ),
    calls: Object.entries(document.services).flatMap(([name, section], caller) =>
      Object.entries(section.calls ?? {}).map(([callee, call]) => {
        const ends = { caller, callee: serviceIndex(callee, ['services', name, 'calls', callee], 'key') };
        return compileCall(ends, call, document.defaults?.call ?? {});
      }),
    ),
    workloads: document.workloads.map((section, index) =>
      compileWorkload(section, serviceIndex(section.service, ['workloads', index, 'service'])),
    ),
    control: compileControl(document.control ?? {}),
    monitoring: compileMonitoring(document.monitoring ?? {}),
    tickSeconds: seconds(document.tick ?? DEFAULT_TICK),
  };
}

/** A look-up of names that complains at the place of a wrong one. */
export function nameIndex(
  kind: string,
  names: readonly string[],
  locate: Locate,
): (name: string, path: YamlPath, at?: 'key' | 'value') => number {
  const indices = new Map(names.map((name, index) => [name, index]));
  return (name, path, at) => {
    const index = indices.get(name);
    if (index === undefined) throw unknownName({ path, kind, name, known: names }, locate(path, at));
    return index;
  };
}

/** Zones as listed, else in the order in which the nodes name them. */
function zoneNames(document: ScenarioDocument): readonly string[] {
  if (document.zones !== undefined && document.zones.length > 0) return document.zones;
  const named = new Set(document.nodes.flatMap((node) => node.zone ?? []));
  return named.size > 0 ? [...named] : [DEFAULT_ZONE];
}

function compileNodes(sections: readonly NodeSection[], zones: readonly string[], locate: Locate): NodeSpec[] {
  const zoneIndex = nameIndex('zone', zones, locate);
  const nodes: NodeSpec[] = [];
  for (const [index, section] of sections.entries()) {
    const zone = section.zone === undefined ? null : zoneIndex(section.zone, ['nodes', index, 'zone']);
    const machine = layered(DEFAULT_NODE, section);
    for (let number = 1; number <= (section.count ?? 1); number += 1) {
      nodes.push({
        name: section.count === undefined ? section.name : `${section.name}-${number}`,
        zone: zone ?? nodes.length % zones.length,
        cores: cores(machine.cores),
        memoryBytes: bytes(machine.memory),
        uplinkBytesPerSecond: bytesPerSecond(machine.uplink),
      });
    }
  }
  return nodes;
}

function compileNetwork(written: NetworkSection): NetworkSpec {
  const network: Complete<NetworkSection> = layered(DEFAULT_NETWORK, written);
  return {
    interconnectBytesPerSecond: bytesPerSecond(network.interconnect),
    uplinkLatencySeconds: seconds(network.uplinkLatency),
    interconnectLatencySeconds: seconds(network.interconnectLatency),
    bufferBytes: bytes(network.buffer),
  };
}

function compileWorkload(written: WorkloadSection, service: number): WorkloadSpec {
  const workload: Complete<WorkloadSection> = layered(DEFAULT_WORKLOAD, written);
  return {
    name: workload.name,
    service,
    requestsPerSecond: perSecond(workload.rate),
    timeoutSeconds: seconds(workload.timeout),
    swingRatio: ratio(workload.swing),
    swingSeconds: seconds(workload.swingDuration),
    requestBytes: bytes(workload.request),
    responseBytes: bytes(workload.response),
  };
}

function compileControl(written: ControlSection): ControlSpec {
  const control: Complete<ControlSection> = layered(DEFAULT_CONTROL, written);
  return {
    heartbeatSeconds: seconds(control.heartbeat),
    nodeGraceSeconds: seconds(control.nodeGrace),
    evictionSeconds: seconds(control.eviction),
    crashBackoffSeconds: seconds(control.crashBackoff),
    crashBackoffSecondsMax: seconds(control.crashBackoffMax),
    crashBackoffResetSeconds: seconds(control.crashBackoffReset),
    clockToleranceSeconds: seconds(control.clockTolerance),
  };
}

function compileMonitoring(written: MonitoringSection): MonitoringSpec {
  const monitoring: Complete<MonitoringSection> = layered(DEFAULT_MONITORING, written);
  return {
    scrapeSeconds: seconds(monitoring.scrape),
    lateRatio: ratio(monitoring.late),
    missingRatio: ratio(monitoring.missing),
  };
}
