/** When an order model says nothing: what it was told is stale, incomplete, or unlike anything it has seen. */

import type { AbstentionReason, Familiarity, Knowledge } from './decision.ts';
import { CLUSTER_KIND, type FamiliarSituations, nearestRow, strangestFeatures } from './familiar-situations.ts';
import { readingWords } from './feature-forms.ts';
import { knownFeature } from './filled-situation.ts';
import type { KnownSituation } from './known-situation.ts';
import type { ComponentView } from './observation-encoder.ts';
import type { AbstentionLimits, ModelSpec } from './order-model-card.ts';
import { CLUSTER_PREFIX } from './rule-set.ts';
import type { TopologyMap } from './topology-document.ts';

/** What is judged. */
export interface Grounds {
  readonly knowledge: Knowledge;
  readonly familiarity: Familiarity;
  /** An alert names a component: little else need be known. */
  readonly alarmed: boolean;
  /** There is a signals document. */
  readonly documented: boolean;
  /** Of every firing alert that names no component, why not. */
  readonly unbound: readonly string[];
}

/** Every reason to abstain; empty = the model may answer. */
export function reasonsToAbstain(grounds: Grounds, limits: AbstentionLimits): AbstentionReason[] {
  const stale = staleness(grounds, limits);
  // What is stale is unknown too: one reason says it all.
  return stale.length > 0 ? stale : [...gaps(grounds, limits), ...strangeness(grounds)];
}

function staleness({ knowledge, documented }: Grounds, limits: AbstentionLimits): AbstentionReason[] {
  const { ageSeconds } = knowledge;
  const limit = documented ? limits.ageSecondsMax : limits.alertAgeSecondsMax;
  if (ageSeconds === null || ageSeconds <= limit) return [];
  const what = documented ? 'the freshest sample' : 'the newest alert';
  return [{ code: 'stale', words: `${what} is ${Math.round(ageSeconds)} s old, more than ${limit} s` }];
}

function gaps({ knowledge, alarmed, unbound }: Grounds, limits: AbstentionLimits): AbstentionReason[] {
  const { signalsKnown, signalsExpected, agreement } = knowledge;
  if (alarmed) return [];
  if (signalsKnown === 0 && unbound.length > 0) return [{ code: 'incomplete', words: unbound.join('; ') }];
  if (signalsExpected > 0 && signalsKnown / signalsExpected < limits.knownShareMin) {
    const words = `${signalsKnown} of ${signalsExpected} signals are known and fresh, fewer than ${percent(limits.knownShareMin)}`;
    return [{ code: 'incomplete', words }];
  }
  if (agreement >= limits.agreementMin) return [];
  const words = `what is not known decides: only ${percent(agreement)} of the ways to fill the gaps lead to one answer`;
  return [{ code: 'incomplete', words }];
}

function strangeness({ familiarity }: Grounds): AbstentionReason[] {
  if (familiarity.strangeness <= 1) return [];
  const where = familiarity.unusual.slice(0, 3).join('; ');
  const times = Number(familiarity.strangeness.toPrecision(2));
  return [{ code: 'unfamiliar', words: `nothing like this was seen in training (${times} times the limit): ${where}` }];
}

/** How far what is known lies from all that training saw; a component of which nothing is known is never strange. */
export function familiarityOf(
  situation: KnownSituation,
  {
    map,
    familiar,
    spec,
  }: { readonly map: TopologyMap; readonly familiar: FamiliarSituations; readonly spec: ModelSpec },
): Familiarity {
  const places = situation.views
    .map((view, id) => ({ view, name: map.topology.components[id]?.name ?? '', kind: map.facts[id]?.kind ?? '' }))
    .filter(({ view }) => view.signals.size > 0)
    .map(({ view, name, kind }) => placeOf(familiar, { kind, name, prefix: '', known: knownOf(view) }, spec));
  const known = (feature: string) => situation.cluster[feature];
  places.push(placeOf(familiar, { kind: CLUSTER_KIND, name: 'the cluster', prefix: CLUSTER_PREFIX, known }, spec));
  const strangest = places.sort((a, b) => b.share - a.share);
  return {
    strangeness: (strangest[0]?.share ?? 0) / familiar.strangenessMax,
    unusual: strangest.filter(({ share }) => share > familiar.strangenessMax).map(({ words }) => words),
  };
}

/** Features of a component by which it is compared with situations of training. */
function knownOf(view: ComponentView): (feature: string) => number | undefined {
  return (feature) => {
    if (feature === 'missing') return view.missing ? 1 : 0;
    return knownFeature(view, feature);
  };
}

interface Place {
  readonly kind: string;
  readonly name: string;
  readonly prefix: string;
  known(feature: string): number | undefined;
}

function placeOf(familiar: FamiliarSituations, { kind, name, prefix, known }: Place, spec: ModelSpec) {
  const seen = familiar.kinds[kind];
  if (seen === undefined) return { share: 0, words: '' };
  const { row, distance } = nearestRow(seen, known);
  const features = [...spec.observation.componentFeatures, ...spec.observation.clusterFeatures];
  const words = strangestFeatures(seen, row, known)
    .slice(0, 3)
    .map((feature) => {
      const unit = features.find((each) => each.name === feature)?.unit ?? '';
      return readingWords({ name: prefix + feature, unit }, known(feature) ?? 0);
    });
  return { share: distance / seen.distanceLimit, words: `${name}: ${words.join(', ')}` };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
