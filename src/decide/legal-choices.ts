/** Which repairs are on offer, from a topology map and from signals as delivered: the mask of the network. */

import type { ActionSpec, OfferCondition, VerbOffer, VerbSpec } from '../contract/index.ts';
import { choiceCount, encodeChoice, NO_OP } from '../contract/index.ts';
import type { ComponentView } from './observation-encoder.ts';
import type { TopologyMap } from './topology-document.ts';

/** One byte per choice, 1 = legal; a signal that is absent offers nothing. */
export function legalChoices(
  { verbs }: Pick<ActionSpec, 'verbs'>,
  map: TopologyMap,
  views: readonly ComponentView[],
): Uint8Array {
  const mask = new Uint8Array(choiceCount(views.length, verbs.length));
  mask[NO_OP] = 1;
  views.forEach((view, component) => {
    if (view.repair?.inProgress) return;
    verbs.forEach(({ target, offer }, verb) => {
      if (target !== map.facts[component]?.kind) return;
      if (offer !== undefined && !isOffered(offer, { component, map, views })) return;
      mask[encodeChoice({ component, verb }, verbs.length)] = 1;
    });
  });
  return mask;
}

/** Whether a repair is one that is offered for what signals show alone, and a signal that is known shows it. */
export function answersSign({ offer }: Pick<VerbSpec, 'offer'>, context: OfferContext): boolean {
  const conditions = offer?.oneOf ?? [];
  return conditions.every((each) => 'signal' in each) && conditions.some((each) => holds(each, context));
}

interface OfferContext {
  readonly component: number;
  readonly map: TopologyMap;
  readonly views: readonly ComponentView[];
}

function isOffered({ always, oneOf }: VerbOffer, context: OfferContext): boolean {
  if (!always.every((fact) => isFact(fact, context))) return false;
  return oneOf.length === 0 || oneOf.some((condition) => holds(condition, context));
}

function holds(condition: OfferCondition, context: OfferContext): boolean {
  if ('fact' in condition) return isFact(condition.fact, context);
  const { signal, of, atLeast, below } = condition;
  const component = of === 'store' ? storeOf(context) : context.component;
  const value = component === undefined ? undefined : context.views[component]?.signals.get(signal);
  if (value === undefined) return false;
  return (atLeast === undefined || value >= atLeast) && (below === undefined || value < below);
}

/** Facts about a service; of a disk, about the service whose data it keeps. Unknown facts are not so. */
function isFact(fact: string, context: OfferContext): boolean {
  const { map } = context;
  if (fact === 'severalNodes') return map.facts.filter(({ kind }) => kind === 'node').length > 1;
  const service = map.facts[context.component]?.kind === 'disk' ? storeOf(context) : context.component;
  const facts = service === undefined ? undefined : map.facts[service];
  if (service === undefined || facts === undefined) return false;
  const isCalled = (map.topology.dependents[service] ?? []).some((id) => map.facts[id]?.kind === 'service');
  switch (fact) {
    case 'stateful':
      return facts.stateful;
    case 'stateless':
      return !facts.stateful;
    case 'replicated':
      return facts.replicas > 1;
    case 'expandable':
      return (facts.replicasMax ?? facts.replicas) > facts.replicas;
    case 'called':
      return isCalled;
    case 'retried':
      return isCalled && facts.callersRetry;
    case 'entry':
      return facts.entry;
    default:
      return false;
  }
}

/** The service that needs a disk. */
function storeOf({ component, map }: OfferContext): number | undefined {
  return map.topology.dependents[component]?.find((id) => map.facts[id]?.kind === 'service');
}
