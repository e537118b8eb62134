/** Asks network and rules about every way to fill a situation, and gathers what they say. */

import { exp, RandomStream } from '../base/index.ts';
import { NO_OP, type Observation } from '../contract/index.ts';
import type { EntityNetwork } from './entity-network.ts';
import type { FamiliarSituations } from './familiar-situations.ts';
import { type FilledSituation, fillSituation, hasGaps } from './filled-situation.ts';
import type { KnownSituation } from './known-situation.ts';
import type { ComponentView, ObservationEncoder } from './observation-encoder.ts';
import type { Firing, RuleEngine } from './rule-engine.ts';

/** Ways in which gaps are filled. */
const FILLINGS = 32;

/** What decides about one topology. */
export interface Deciders {
  readonly encoder: ObservationEncoder;
  readonly network: EntityNetwork;
  readonly engine: RuleEngine;
  readonly familiar: FamiliarSituations;
  readonly clusterFeatures: readonly string[];
  kindOf(component: number): string;
  /** Choices that are legal while components look like this. */
  maskOf(views: readonly ComponentView[]): Uint8Array;
}

/** What network and rules say about one situation whose gaps have been filled so many times. */
export interface Opinions {
  /** Mean over the fillings, by choice. */
  readonly probabilities: Float64Array;
  /** Share of the fillings in which a choice is legal, by choice. */
  readonly legalShares: Float64Array;
  /** The likeliest choice, and the share of the fillings in which it is the likeliest. */
  readonly best: number;
  readonly agreement: number;
  readonly fillings: number;
  /** Rules by the choice they ask for, with the share of the fillings in which they fire; most urgent first. */
  readonly firings: readonly { readonly firing: Firing; readonly share: number }[];
  /** The first filling, to look closer at. */
  readonly example: FilledSituation;
}

/** Fills the gaps, if there are any, and asks about each filling. */
export function gatherOpinions(situation: KnownSituation, deciders: Deciders): Opinions {
  const { clusterFeatures, familiar, kindOf } = deciders;
  const fillings = hasGaps(situation, clusterFeatures) ? FILLINGS : 1;
  const stream = new RandomStream(0, 'fillings');
  const choices = deciders.maskOf(situation.views).length;
  const probabilities = new Float64Array(choices);
  const legalShares = new Float64Array(choices);
  const bests: number[] = [];
  const fired = new Map<number, { firing: Firing; count: number }>();
  let example: FilledSituation | undefined;
  for (let index = 0; index < fillings; index += 1) {
    const filled = fillSituation(situation, familiar, { kindOf, clusterFeatures, stream });
    example ??= filled;
    const mask = deciders.maskOf(filled.views);
    const observation = encode(filled, mask, deciders);
    const shares = softmax(deciders.network.logits(observation));
    for (let choice = 0; choice < choices; choice += 1) {
      probabilities[choice] = (probabilities[choice] ?? 0) + (shares[choice] ?? 0) / fillings;
      legalShares[choice] = (legalShares[choice] ?? 0) + (mask[choice] ?? 0) / fillings;
    }
    bests.push(indexOfMax(shares));
    for (const firing of deciders.engine.firings(observation)) {
      const known = fired.get(firing.choice);
      fired.set(firing.choice, { firing: known?.firing ?? firing, count: (known?.count ?? 0) + 1 });
    }
  }
  const best = indexOfMax(probabilities);
  return {
    probabilities,
    legalShares,
    best,
    agreement: bests.filter((choice) => choice === best).length / fillings,
    fillings,
    firings: [...fired.values()]
      .map(({ firing, count }) => ({ firing, share: count / fillings }))
      .sort((a, b) => b.share * b.firing.rule.priority - a.share * a.firing.rule.priority),
    example: example ?? { views: situation.views, cluster: situation.cluster },
  };
}

/** The observation of a filled situation. */
export function encode({ views, cluster }: FilledSituation, mask: Uint8Array, { encoder }: Deciders): Observation {
  return { ...encoder.encode(views, cluster), critic: new Float32Array(), mask };
}

function softmax(logits: Float64Array): Float64Array {
  const top = logits[indexOfMax(logits)] ?? 0;
  const weights = logits.map((logit) => exp(logit - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The first of the largest. */
function indexOfMax(values: Float64Array): number {
  let best = NO_OP;
  values.forEach((value, index) => {
    if (value > (values[best] ?? 0)) best = index;
  });
  return best;
}
