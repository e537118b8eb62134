/** Selectors for what faults act on. */
import { clusterTopology } from '../../../cluster/index.ts';
import type { ExportedFault } from '../exported-fault.ts';
import type { MeshContext } from './mesh-form.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Replicas of a service, as many as the fault takes. */
export function serviceFields({ target, mode, value }: ExportedFault, context: MeshContext): Fields {
  const amount = value === null ? {} : { value: String(value) };
  return { mode, ...amount, selector: serviceSelector(target, context) };
}

/** All pods of one service. */
export function serviceSelector(service: string, { names }: MeshContext): Fields {
  return { namespaces: [names.namespace], labelSelectors: { [names.label]: service } };
}

/** All pods of several services. */
export function servicesSelector(services: readonly string[], { names }: MeshContext): Fields {
  const expression = { key: names.label, operator: 'In', values: [...services] };
  return { namespaces: [names.namespace], expressionSelectors: [expression] };
}

/** All pods there are. */
export function everything({ names }: MeshContext): Fields {
  return { mode: 'all', selector: { namespaces: [names.namespace] } };
}

/** All that runs on a machine. */
export function machineFields(node: string, { names }: MeshContext): Fields {
  return { mode: 'all', selector: { namespaces: [names.namespace], nodes: [node] } };
}

/** All that runs in a zone. */
function zoneFields(zone: string, { names }: MeshContext): Fields {
  const nodeSelectors = { 'topology.kubernetes.io/zone': zone };
  return { mode: 'all', selector: { namespaces: [names.namespace], nodeSelectors } };
}

/** The pod behind a disk, by the name that a stateful set gives it. */
export function diskFields(disk: string, { scenario, names }: MeshContext): Fields {
  const { componentNames, offsets, diskService } = clusterTopology(scenario.cluster);
  const index = componentNames.indexOf(disk) - offsets.disk;
  const service = scenario.cluster.services[diskService[index] ?? -1]?.name ?? '';
  const number = disk.slice(disk.lastIndexOf('-') + 1);
  return { mode: 'all', selector: { pods: { [names.namespace]: [`${service}-${number}`] } } };
}

/** The ends of a link: a machine and all others, or two zones. */
export function linkFields(link: string, context: MeshContext): { readonly from: Fields; readonly to: Fields } {
  const { nodes, zones } = context.scenario.cluster;
  const node = nodes.find(({ name }) => `${name}-uplink` === link);
  if (node !== undefined) return { from: machineFields(node.name, context), to: everything(context) };
  const first = zones.find((zone) => zones.some((other) => `${zone}--${other}` === link)) ?? '';
  return { from: zoneFields(first, context), to: zoneFields(link.slice(first.length + 2), context) };
}

/** Bytes per second that a link carries. */
export function linkCapacity(link: string, { scenario }: MeshContext): number {
  const { nodes, network } = scenario.cluster;
  const node = nodes.find(({ name }) => `${name}-uplink` === link);
  return node?.uplinkBytesPerSecond ?? network.interconnectBytesPerSecond;
}
