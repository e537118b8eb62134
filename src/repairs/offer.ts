/**
 * When a repair is on offer, as data: by how the cluster was declared, and by signals as delivered. Public facts alone,
 * so that whoever holds the same facts, with or without a simulator, comes to the same offers.
 */

import type { ClusterSpec, ClusterTopology, ComponentKind, SignalName } from '../cluster/index.ts';
import type { RepairView } from './repair-kind.ts';

/** What may be so of a component by declaration; of a disk, of the service whose data it keeps. */
type DeclaredFact =
  | 'stateful'
  | 'stateless'
  | 'replicated'
  | 'expandable'
  | 'called'
  | 'retried'
  | 'entry'
  | 'severalNodes';

/**
 * A signal at least so high, or below something; of the component, or of the service whose data a disk keeps. It never
 * holds before anything about that component has been delivered.
 */
interface SignalCondition {
  readonly signal: SignalName;
  readonly of?: 'store';
  readonly atLeast?: number;
  readonly below?: number;
}

/** All of the facts must be so and, where there are any, one of the conditions must hold. */
export interface RepairOffer {
  readonly always: readonly DeclaredFact[];
  readonly oneOf: readonly (SignalCondition | { readonly fact: DeclaredFact })[];
}

type Declared = Pick<RepairView, 'spec' | 'topology'>;

/** A component and the service it is or keeps data for; for machines and links, which have none, any number. */
export interface OfferPlace {
  readonly component: number;
  readonly service: number;
}

/** Where a kind of repair would act. */
export function offerPlace(topology: ClusterTopology, kind: ComponentKind, target: number): OfferPlace {
  return {
    component: topology.offsets[kind] + target,
    service: kind === 'disk' ? topology.diskService[target]! : target,
  };
}

/** Whether a repair makes sense somewhere by how the cluster was declared. */
export function suits({ always }: RepairOffer, declared: Declared, { service }: OfferPlace): boolean {
  return always.every((fact) => facts[fact](declared, service));
}

/** Whether a repair that suits a component makes sense now, by what has been delivered. */
export function isOffered({ oneOf }: RepairOffer, view: RepairView, at: OfferPlace): boolean {
  // A plain loop: the mask of every decision is made here.
  for (let index = 0; index < oneOf.length; index += 1) {
    const condition = oneOf[index]!;
    if ('fact' in condition ? facts[condition.fact](view, at.service) : holds(condition, view, at)) return true;
  }
  return oneOf.length === 0;
}

function holds({ signal, of, atLeast, below }: SignalCondition, view: RepairView, at: OfferPlace): boolean {
  const component = of === 'store' ? view.topology.offsets.service + at.service : at.component;
  if (!view.isKnown(component)) return false;
  const value = view.signal(component, signal);
  return (atLeast === undefined || value >= atLeast) && (below === undefined || value < below);
}

const facts: Readonly<Record<DeclaredFact, (declared: Declared, service: number) => boolean>> = {
  stateful: ({ spec }, service) => spec.services[service]!.storage !== null,
  stateless: ({ spec }, service) => spec.services[service]!.storage === null,
  replicated: ({ spec }, service) => spec.services[service]!.replicas > 1,
  expandable: ({ spec }, service) => spec.services[service]!.replicasMax > spec.services[service]!.replicas,
  called: ({ topology }, service) => callsTo(topology, service).length > 0,
  retried: ({ spec, topology }, service) => callsTo(topology, service).some((call) => retries(spec, call)),
  entry: ({ spec }, service) => spec.workloads.some((workload) => workload.service === service),
  severalNodes: ({ spec }) => spec.nodes.length > 1,
};

function callsTo({ callsIn: { starts, items } }: ClusterTopology, service: number): readonly number[] {
  return Array.from(items.subarray(starts[service]!, starts[service + 1]!));
}

function retries({ calls }: ClusterSpec, call: number): boolean {
  return calls[call]!.retriesMax > 0;
}
