/** NetworkChaos: what passes between services, on the uplinks of machines, or between two zones. */
import { z } from 'zod';
import type { BaseSystem } from '../../fault-script/base-system.ts';
import { type FaultDraft, type ReadExperiment, refusal, together } from '../../fault-script/fault-draft.ts';
import { fieldsLike, unread } from '../../unread-fields.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { fields, maybe, podSelector, podSelectorFields, text } from '../chaos-schema.ts';
import { noMachines, onSelected, remarked, selectedMachines } from '../on-selected.ts';
import { modeOf, resolveSelector, type SelectedService, type Selection } from '../resolve-selector.ts';
import {
  bandwidthFault,
  corruptFault,
  delayFault,
  duplicateFault,
  lossFault,
  networkPartFields,
  type PacketFault,
  partitionFault,
} from './network-parts.ts';

/** Chaos Mesh hands these to netem with whatever parts are given, not only with the one that the action is named after. */
const netemActions = ['netem', 'delay', 'loss', 'duplicate', 'corrupt'] as const;
const actions = [...netemActions, 'partition', 'bandwidth'] as const;

const schema = fields({
  ...podSelectorFields,
  ...networkPartFields,
  action: z.enum(actions, { error: `must be one of ${actions.join(', ')}` }),
  direction: maybe(z.enum(['to', 'from', 'both'], { error: 'must be to, from or both' })),
  target: maybe(podSelector),
  ...fieldsLike(unread('a replica has one network card'), 'device', 'targetDevice'),
  externalTargets: maybe(z.array(text, { error: 'must be a list' }).max(1000, { error: 'has more than 1000 targets' })),
}).superRefine((spec, context) => {
  const { action } = spec;
  if (action === 'netem' || action === 'partition' || spec[action]) return;
  context.addIssue({ code: 'custom', path: [action], message: `is missing, and the action is ${action}` });
});
type NetworkSpec = z.output<typeof schema>;

export const networkChaos: ChaosKind = chaosKind({
  kind: 'NetworkChaos',
  actions: {
    delay: '`service.delay`; by machine or zone `link.delay`, with `reorder` `link.reorder`',
    loss: '`service.loss`; by machine or zone `link.loss`',
    corrupt: '`service.loss`; by machine or zone `link.corrupt`',
    duplicate: 'by machine or zone `link.duplicate`; - for services: packets are duplicated on links only',
    partition: '`service.partition`; by machine or zone `link.partition`',
    bandwidth:
      '`link.bandwidth` by machine or zone, or on the machines of a service where the scenario states them; else -',
    netem: 'each of its parts as above, `rate` as bandwidth',
  },
  schema,
  actionFields: {
    delay: netemActions,
    loss: netemActions,
    duplicate: netemActions,
    corrupt: netemActions,
    rate: netemActions,
    bandwidth: ['bandwidth'],
  },
  read,
});

function read(spec: NetworkSpec, base: BaseSystem): ReadExperiment {
  const faults = packetFaults(spec);
  if (faults.length === 0) return refusal('netem without delay, loss, duplicate, corrupt or rate does nothing');
  const source = resolveSelector(spec, base);
  const peers = peersOf(spec, base);
  if (peers.refused.length > 0 && peers.names.length === 0 && !peers.anybody) return refusal(...peers.refused);
  const others: ReadExperiment = { drafts: [], refused: peers.refused };
  if (source.kind === 'machines') return together(onLinks(source, spec, { base, faults }), others);
  if (peers.machines) return refusal('its target is selected by machine, but it is not');
  const between = onSelected(spec, base, {
    service: (selected) => together(...faults.map((fault) => onService(selected, fault, { spec, base, peers }))),
  });
  return together(between, others);
}

function packetFaults(spec: NetworkSpec): PacketFault[] {
  if (spec.action === 'partition') return [partitionFault];
  const faults =
    spec.action === 'bandwidth'
      ? [bandwidthFault(spec)]
      : [
          delayFault(spec),
          lossFault(spec),
          duplicateFault(spec),
          corruptFault(spec),
          bandwidthFault({ ...spec, bandwidth: null }),
        ];
  return faults.filter((fault) => fault !== undefined);
}

interface Peers {
  readonly names: readonly string[];
  /** Whoever it is. */
  readonly anybody: boolean;
  readonly machines: boolean;
  readonly notes: readonly string[];
  readonly refused: readonly string[];
}

/** With whom: target and external targets together; without either, with all others. */
function peersOf({ target, externalTargets }: NetworkSpec, base: BaseSystem): Peers {
  const hosts = (externalTargets ?? []).map((host) => ({ host, service: base.serviceOfHost(host) }));
  const strangers = hosts.filter(({ service }) => service === undefined);
  const refused = strangers.map(({ host }) => `${host.slice(0, 80)} lies outside of the scenario`);
  const names = hosts.flatMap(({ service }) => service ?? []);
  if (!target) return { names, anybody: hosts.length === 0, machines: false, notes: [], refused };
  const selection = resolveSelector(target, base);
  const some = target.mode === 'all' ? [] : ['of its target all pods are meant, not some'];
  switch (selection.kind) {
    case 'nothing':
      return {
        names,
        anybody: false,
        machines: false,
        notes: [],
        refused: [...refused, `target: ${selection.reason}`],
      };
    case 'everything':
      return { names, anybody: true, machines: false, notes: some, refused };
    case 'machines':
      return { names, anybody: false, machines: true, notes: [], refused };
    case 'services':
      return {
        names: [...names, ...selection.services.map(({ service }) => service)],
        anybody: false,
        machines: false,
        notes: [...some, ...selection.notes],
        refused,
      };
  }
}

interface ServiceContext {
  readonly spec: NetworkSpec;
  readonly base: BaseSystem;
  readonly peers: Peers;
}

function onService(selected: SelectedService, fault: PacketFault, context: ServiceContext): ReadExperiment {
  const { spec, base, peers } = context;
  const { service } = fault;
  if (service === null) return { drafts: [], refused: [] };
  if (typeof service === 'string') return onMachinesOf(selected, { ...fault, service }, context);
  const draft: FaultDraft = {
    ...service,
    target: selected.service,
    ...modeOf(selected),
    direction: spec.direction ?? 'to',
  };
  const found = peers.anybody ? { drafts: [draft], refused: [] } : withPeers(draft, peers.names, base);
  return remarked(found, [...fault.notes, ...peers.notes]);
}

/**
 * A service can have a fault of one kind at a time. With several peers the fault is put on these instead, seen from
 * their side, where it is on all replicas; with all its neighbours, no peer need be named.
 */
function withPeers(draft: FaultDraft, names: readonly string[], base: BaseSystem): ReadExperiment {
  const peers = [...new Set(names)];
  const [first] = peers;
  if (first === undefined) return { drafts: [], refused: [] };
  if (peers.length === 1) return { drafts: [{ ...draft, peer: first }], refused: [] };
  if (draft.mode === 'all') {
    const { target, direction = 'to' } = draft;
    const flippedDrafts = peers.map((peer) => ({
      ...draft,
      target: peer,
      peer: target,
      direction: flipped(direction),
    }));
    return { drafts: flippedDrafts, refused: [] };
  }
  const neighbours = [...base.calleesOf(draft.target), ...base.callersOf(draft.target).map(({ name }) => name)];
  if (neighbours.every((name) => peers.includes(name))) return { drafts: [draft], refused: [] };
  return {
    drafts: [{ ...draft, peer: first }],
    refused: peers
      .slice(1)
      .map((peer) => `${draft.target} can have ${draft.fault} with one peer at a time: not with ${peer}`),
  };
}

/** What a service has only through its machines. */
function onMachinesOf(
  selected: SelectedService,
  fault: PacketFault & { readonly service: string },
  { base, peers }: ServiceContext,
): ReadExperiment {
  const { service } = selected;
  if (!peers.anybody) return refusal(`${fault.service}, with whomever they talk`);
  const machines = selectedMachines(selected, base);
  if (machines.length === 0) return refusal(`${fault.service}, and ${noMachines(service)}`);
  const note = `on the machines of ${service}, with all that runs there`;
  const drafts = machines.map((node) => ({ ...fault.link(base.uplinkOf(node), base), target: base.uplinkOf(node) }));
  return remarked({ drafts, refused: [] }, [...fault.notes, note]);
}

interface LinkContext {
  readonly base: BaseSystem;
  readonly faults: readonly PacketFault[];
}

/** From machines to all others: their uplinks. From one zone to another: the link between the two. */
function onLinks(
  source: Extract<Selection, { kind: 'machines' }>,
  spec: NetworkSpec,
  { base, faults }: LinkContext,
): ReadExperiment {
  if (spec.mode !== 'all') return refusal(`mode ${spec.mode} chooses among all that runs on a machine`);
  const direction = spec.direction ?? 'to';
  const links = linksOf(source, spec, base);
  if (typeof links === 'string') return refusal(links);
  const drafts = links.flatMap(({ link, isForward }) =>
    faults.map(({ link: make, notes }): FaultDraft => {
      const made = make(link, base);
      const isOneWay = made.fault === 'link.partition';
      const oneWay = direction === 'both' || isForward ? direction : flipped(direction);
      const both = direction === 'both' || isOneWay ? [] : ['a link has it both ways'];
      return {
        ...made,
        target: link,
        ...(isOneWay ? { direction: oneWay } : {}),
        notes: [...(made.notes ?? []), ...notes, ...both],
      };
    }),
  );
  return { drafts, refused: [] };
}

function flipped(direction: 'to' | 'from' | 'both'): 'to' | 'from' | 'both' {
  return direction === 'to' ? 'from' : 'to';
}

function linksOf(
  { nodes, zone }: Extract<Selection, { kind: 'machines' }>,
  { target }: NetworkSpec,
  base: BaseSystem,
): { readonly link: string; readonly isForward: boolean }[] | string {
  const other = target ? resolveSelector(target, base) : undefined;
  if (other === undefined || other.kind === 'everything') {
    return nodes.map((node) => ({ link: base.uplinkOf(node), isForward: true }));
  }
  if (other.kind !== 'machines' || other.zone === null || zone === null)
    return 'between machines only whole zones can be meant, or a machine and all others';
  const between = base.interconnectOf(zone, other.zone);
  return between === undefined ? `there is no link between ${zone} and ${other.zone}` : [between];
}
