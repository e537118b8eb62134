/** What an agent sees and may choose, as data with a hash: a model refuses to run against other specs. */

import { hashText } from '../base/index.ts';

/** One number of an observation. */
export interface FeatureSpec {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
}

/** Features per component, for the whole cluster, and those only a critic may see, in order. */
export interface ObservationSpec {
  readonly componentFeatures: readonly FeatureSpec[];
  readonly clusterFeatures: readonly FeatureSpec[];
  readonly criticFeatures: readonly FeatureSpec[];
  readonly hash: string;
}

/** One verb an agent may apply to a component. */
export interface VerbSpec {
  readonly name: string;
  /** The kind of component it applies to. */
  readonly target: string;
  readonly meaning: string;
  /** When it is on offer, where that can be told from public facts; left out = always. */
  readonly offer?: VerbOffer;
}

/** Public facts that must all be so and, where there are any, conditions of which one must hold. */
export interface VerbOffer {
  readonly always: readonly string[];
  readonly oneOf: readonly OfferCondition[];
}

/**
 * A declared fact, or a signal (in its own unit) at least so high or below something: of the component or, with
 * `of: store`, of the service whose data it keeps. A condition on a signal nobody has seen does not hold.
 */
export type OfferCondition =
  | { readonly fact: string }
  | { readonly signal: string; readonly of?: 'store'; readonly atLeast?: number; readonly below?: number };

/** The verbs of a role in order; a choice is 0 for no-op, else `1 + component * verbs.length + verb`. */
export interface ActionSpec {
  readonly verbs: readonly VerbSpec[];
  readonly hash: string;
}

/** The choice that does nothing. */
export const NO_OP = 0;

/** Number of choices for `components` components and `verbs` verbs. */
export function choiceCount(components: number, verbs: number): number {
  return components * verbs + 1;
}

/** The choice that applies `verb` to `component`. */
export function encodeChoice(action: { component: number; verb: number }, verbs: number): number {
  return 1 + action.component * verbs + action.verb;
}

/** Component and verb of a choice; undefined for the no-op. */
export function decodeChoice(choice: number, verbs: number): { component: number; verb: number } | undefined {
  if (choice === NO_OP) return undefined;
  const index = choice - 1;
  return { component: Math.floor(index / verbs), verb: index % verbs };
}

/** An observation spec with its hash over names and units in order. */
export function observationSpec(features: Omit<ObservationSpec, 'hash'>): ObservationSpec {
  const parts = [features.componentFeatures, features.clusterFeatures, features.criticFeatures];
  const text = parts.map((list) => list.map((feature) => `${feature.name}[${feature.unit}]`).join(',')).join(';');
  return { ...features, hash: hashText(text) };
}

/** An action spec with its hash over verbs and their targets in order. */
export function actionSpec(verbs: readonly VerbSpec[]): ActionSpec {
  return { verbs, hash: hashText(verbs.map((verb) => `${verb.name}@${verb.target}`).join(',')) };
}
