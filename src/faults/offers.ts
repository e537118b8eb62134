/** Which faults the rules offer where, and which of those are legal now; worked out anew only when the cluster has changed. */

import { type Cluster, componentAt } from '../cluster/index.ts';
import { faultKinds, faultVerbs } from './catalogue.ts';
import type { FaultKind } from './fault-kind.ts';
import type { Situation } from './situation.ts';

/** A kind of fault on a component. */
export interface Offer {
  readonly kind: FaultKind;
  /** Verb of its first severity; the others follow. */
  readonly firstVerb: number;
  readonly costMin: number;
}

interface OfferRules {
  readonly protected: readonly number[];
  readonly faultsAllowed: readonly string[] | null;
}

/** Offers by component. */
export class Offers {
  readonly #cluster: Cluster;
  /** What the rules allow at all and the cluster is made for. */
  readonly #all: readonly (readonly Offer[])[];
  /** Those of them that are legal, whatever budget and cooldowns say. */
  readonly #legal: Offer[][];
  #revision = -1;

  constructor(cluster: Cluster, rules: OfferRules) {
    const spared = new Set(rules.protected);
    this.#cluster = cluster;
    this.#all = cluster.topology.componentNames.map((_, component) =>
      spared.has(component) ? [] : offersOn(cluster, component, rules.faultsAllowed),
    );
    this.#legal = this.#all.map(() => []);
  }

  /** Looks at the cluster anew, if it has changed. */
  refresh(situation: Situation): void {
    situation.refresh();
    if (this.#revision === this.#cluster.revision) return;
    this.#revision = this.#cluster.revision;
    for (let component = 0; component < this.#all.length; component += 1) this.#refreshOne(situation, component);
  }

  /** Legal kinds on a component as of the last `refresh`. */
  legal(component: number): readonly Offer[] {
    return this.#legal[component]!;
  }

  #refreshOne(situation: Situation, component: number): void {
    const all = this.#all[component]!;
    const legal = this.#legal[component]!;
    legal.length = 0;
    if (all.length === 0) return;
    const { kind, index } = componentAt(this.#cluster.topology, component);
    if (!situation.mayTouch(kind, index)) return;
    for (const offer of all) if (offer.kind.legal(situation, index)) legal.push(offer);
  }
}

/** Writes 1 for the severities of a kind that cost no more than `left`. */
export function writeAffordable({ kind, firstVerb }: Offer, left: number, mask: Uint8Array, at: number): void {
  for (let index = 0; index < kind.severities.length; index += 1) {
    if (kind.severities[index]!.cost <= left) mask[at + firstVerb + index] = 1;
  }
}

function offersOn(cluster: Cluster, component: number, allowed: readonly string[] | null): Offer[] {
  const place = componentAt(cluster.topology, component);
  return faultKinds
    .filter((kind) => kind.target === place.kind && (allowed?.includes(kind.name) ?? true))
    .filter((kind) => kind.suits(cluster, place.index))
    .map((kind) => ({
      kind,
      firstVerb: faultVerbs.findIndex((verb) => verb.kind === kind),
      costMin: Math.min(...kind.severities.map((severity) => severity.cost)),
    }));
}
