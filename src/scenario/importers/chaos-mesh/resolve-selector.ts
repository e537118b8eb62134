/** Finds what of the scenario a selector means: services and how many of their replicas, or machines. */
import type { BaseSystem } from '../fault-script/base-system.ts';
import type { FaultDraft } from '../fault-script/fault-draft.ts';
import type { Mode, PodSelector, Selector } from './chaos-schema.ts';

/** Some replicas of a service. */
export interface SelectedService {
  readonly service: string;
  readonly mode: Mode;
  readonly value: number | undefined;
  /** Replicas by number, where the selector names them; the pods of a stateful set have such names. */
  readonly named: readonly number[];
  /** The selector names pods, whether or not their names tell which replicas they are. */
  readonly isByName: boolean;
}

/** What a selector leads to. */
export type Selection =
  | { readonly kind: 'services'; readonly services: readonly SelectedService[]; readonly notes: readonly string[] }
  /** All that runs on these machines; of a whole zone where it was selected by that. */
  | {
      readonly kind: 'machines';
      readonly nodes: readonly string[];
      readonly zone: string | null;
      readonly notes: readonly string[];
    }
  /** Nothing narrows the selection. */
  | { readonly kind: 'everything'; readonly mode: Mode; readonly notes: readonly string[] }
  | { readonly kind: 'nothing'; readonly reason: string };

/** Names of pods, machines or labels in one selector. */
const NAMES_MAX = 1000;
const POD_NAME = 'metadata.name';
const HOST_LABEL = 'kubernetes.io/hostname';
const ZONE_LABELS = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'];

/** What the selector means in this system. Labels lead to a service where one of their values is its name. */
export function resolveSelector(written: PodSelector, base: BaseSystem): Selection {
  const { selector } = written;
  const notes = remarks(written);
  const annotations = Object.keys(selector.annotationSelectors ?? {});
  if (annotations.length > 0) return nothing(`a scenario has no annotations, but ${annotations[0]} selects`);
  const field = Object.keys(selector.fieldSelectors ?? {}).find((name) => name !== POD_NAME);
  if (field !== undefined) return nothing(`of fields only ${POD_NAME} is understood, not ${field.slice(0, 80)}`);
  const pods = podNames(selector);
  if (pods.length > NAMES_MAX || (selector.nodes ?? []).length > NAMES_MAX)
    return nothing(`it names more than ${NAMES_MAX} pods or machines`);
  if (pods.length > 0) return fromPods(pods, written, { base, notes });
  const values = labelValues(selector);
  if (typeof values === 'string') return nothing(values);
  const machines = machinesOf(selector, base);
  if (machines !== undefined && values.length > 0) return nothing('it selects services on certain machines only');
  if (machines !== undefined) return machines.kind === 'machines' ? { ...machines, notes } : machines;
  if (values.length === 0) return { kind: 'everything', mode: written.mode, notes };
  return fromLabels(values, written, { base, notes });
}

/** The fields of a draft that say how many replicas. */
export function modeOf({ mode, value }: SelectedService): Pick<FaultDraft, 'mode' | 'value'> {
  return mode === 'one' || mode === 'all' || value === undefined ? { mode } : { mode, value };
}

interface Context {
  readonly base: BaseSystem;
  readonly notes: readonly string[];
}

function nothing(reason: string): Selection {
  return { kind: 'nothing', reason };
}

function remarks({ selector, containerNames }: PodSelector): string[] {
  return [
    ...(selector.podPhaseSelectors?.length ? ['the phase of pods is not looked at'] : []),
    ...(containerNames?.length ? ['a replica is one process here, whatever the container'] : []),
  ];
}

function podNames({ pods, fieldSelectors }: Selector): string[] {
  const byField = fieldSelectors?.[POD_NAME];
  return [...Object.values(pods ?? {}).flat(), ...(byField === undefined ? [] : [byField])];
}

/** Alternatives, each a list of values of one label; text = why it cannot be said. */
function labelValues({ labelSelectors, expressionSelectors }: Selector): string[][] | string {
  const expressions = expressionSelectors ?? [];
  const odd = expressions.find(({ operator }) => operator !== 'In');
  if (odd !== undefined) return `of expressions only In is understood, not ${odd.operator}`;
  const count = expressions.reduce((total, { values }) => total + (values?.length ?? 0), 0);
  if (count + Object.keys(labelSelectors ?? {}).length > NAMES_MAX) return `it names more than ${NAMES_MAX} labels`;
  return [
    ...Object.values(labelSelectors ?? {}).map((value) => [value]),
    ...expressions.map(({ values }) => values ?? []),
  ];
}

function machinesOf({ nodes, nodeSelectors }: Selector, base: BaseSystem): Selection | undefined {
  const labels = Object.entries(nodeSelectors ?? {});
  if ((nodes ?? []).length === 0 && labels.length === 0) return undefined;
  const odd = labels.find(([key]) => key !== HOST_LABEL && !ZONE_LABELS.includes(key));
  if (odd !== undefined) return nothing(`a scenario knows machines by name and zone, not by ${odd[0]}`);
  const names = [...(nodes ?? []), ...labels.flatMap(([key, value]) => (key === HOST_LABEL ? [value] : []))];
  const zone = labels.find(([key]) => ZONE_LABELS.includes(key))?.[1] ?? null;
  const unknown = names.find((name) => base.nodeOf(name) === undefined);
  if (unknown !== undefined) return nothing(`there is no machine ${unknown} in the scenario`);
  if (zone !== null && !base.cluster.zones.includes(zone)) return nothing(`there is no zone ${zone} in the scenario`);
  const listed = names.flatMap((name) => base.nodeOf(name) ?? []);
  if (zone === null) return { kind: 'machines', nodes: listed, zone, notes: [] };
  const inZone = base.nodesOfZone(zone);
  const both = names.length === 0 ? inZone : listed.filter((name) => inZone.includes(name));
  return { kind: 'machines', nodes: both, zone: names.length === 0 ? zone : null, notes: [] };
}

/** Every label must fit; those that no service has for its name are not looked at. */
function fromLabels(values: readonly string[][], written: PodSelector, { base, notes }: Context): Selection {
  const found = values.map((alternatives) => alternatives.flatMap((value) => base.serviceOf(value) ?? []));
  const telling = found.filter((services) => services.length > 0);
  const [first] = telling;
  if (first === undefined) {
    const shown = values.map((alternatives) => alternatives.join(' or ')).join(', ');
    return nothing(
      `no service is called ${shown.slice(0, 120)} (--bind ${(values[0]?.[0] ?? 'LABEL').slice(0, 40)}=SERVICE says which is meant)`,
    );
  }
  const services = [...new Set(first)].filter((service) => telling.every((each) => each.includes(service)));
  if (services.length === 0) return nothing('its labels mean different services');
  const unread = found.length - telling.length;
  const more = unread > 0 ? [`${unread} of its labels name no service and are not looked at`] : [];
  return spread(services, written, [...notes, ...more]);
}

/** How many of each of several services: a share or all of them can be said of each, a number cannot. */
function spread(services: readonly string[], { mode, value }: PodSelector, notes: readonly string[]): Selection {
  const count = value ?? undefined;
  const isOf = mode === 'all' || mode === 'fixed-percent' || mode === 'random-max-percent';
  if (services.length > 1 && !isOf)
    return nothing(`mode ${mode} chooses among the pods of ${services.length} services`);
  if (mode !== 'one' && mode !== 'all' && count === undefined) return nothing(`mode ${mode} needs a value`);
  if (mode.endsWith('percent') && (count ?? 0) > 100) return nothing(`a value of ${count} percent is more than all`);
  const each = services.length > 1 && mode !== 'all' ? ['the percentage is taken of each service by itself'] : [];
  return {
    kind: 'services',
    services: services.map((service) => ({
      service,
      mode,
      value: mode === 'one' || mode === 'all' ? undefined : count,
      named: [],
      isByName: false,
    })),
    notes: [...notes, ...each],
  };
}

/** Pods by name: as many replicas of their services as are named, within the mode. */
function fromPods(pods: readonly string[], written: PodSelector, { base, notes }: Context): Selection {
  const found = pods.map((name) => ({ name, pod: base.podOf(name) }));
  const stranger = found.find(({ pod }) => pod === undefined);
  if (stranger !== undefined) return nothing(`no service's pods are called ${stranger.name.slice(0, 80)}`);
  const services = [...new Set(found.flatMap(({ pod }) => (pod ? [pod.service] : [])))];
  const [service] = services;
  if (service === undefined) return nothing('it selects no pod');
  if (services.length > 1 && written.mode !== 'all')
    return nothing(`mode ${written.mode} chooses among several services`);
  return {
    kind: 'services',
    services: services.map((each) => {
      const own = found.filter(({ pod }) => pod?.service === each);
      const named = own.flatMap(({ pod }) => pod?.replica ?? []);
      return { service: each, mode: 'fixed' as const, value: countOf(own.length, written), named, isByName: true };
    }),
    notes,
  };
}

/** Of so many pods, as Chaos Mesh counts. */
export function countOf(pods: number, { mode, value }: Pick<PodSelector, 'mode' | 'value'>): number {
  switch (mode) {
    case 'one':
      return Math.min(1, pods);
    case 'all':
      return pods;
    case 'fixed':
      return Math.min(pods, value ?? 1);
    case 'fixed-percent':
    case 'random-max-percent':
      return Math.min(pods, Math.ceil(((value ?? 100) / 100) * pods - 1e-9));
  }
}
