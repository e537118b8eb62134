/** Reads a decision's situation component by component: its features, and what the network would do about it alone. */

import { choiceCount, encodeChoice, NO_OP, type Observation, type RoleSpec, type Topology } from '../contract/index.ts';
import { NOTHING } from './samples.ts';

/** What the network makes of one component: its best legal repair against doing nothing. */
export interface Opinion {
  /** NOTHING, or 1 + verb where it prefers that to doing nothing. */
  readonly label: number;
  /** The best legal repair's choice, no-op where there is none. */
  readonly choice: number;
  /** Log odds of that repair against doing nothing; -Infinity where there is none. */
  readonly gap: number;
}

/** Reads observations of one topology. */
export class SituationReader {
  readonly width: number;
  readonly #topology: Topology;
  readonly #componentWidth: number;
  readonly #verbs: number;

  constructor(spec: RoleSpec, topology: Topology) {
    const { componentFeatures, clusterFeatures } = spec.observation;
    this.#topology = topology;
    this.#componentWidth = componentFeatures.length;
    this.#verbs = spec.action.verbs.length;
    this.width = componentFeatures.length + clusterFeatures.length;
  }

  get components(): number {
    return this.#topology.components.length;
  }

  kind(component: number): string {
    return this.#topology.components[component]?.kind ?? '';
  }

  /** A copy of what a rule on this component may ask for. */
  features({ components, cluster }: Observation, component: number): Float32Array {
    const row = new Float32Array(this.width);
    row.set(components.subarray(component * this.#componentWidth, (component + 1) * this.#componentWidth));
    row.set(cluster, this.#componentWidth);
    return row;
  }

  opinion(logits: Float32Array, mask: Uint8Array, component: number): Opinion {
    let [best, choice] = [-1, NO_OP];
    for (let verb = 0; verb < this.#verbs; verb += 1) {
      const candidate = encodeChoice({ component, verb }, this.#verbs);
      if (mask[candidate] !== 1) continue;
      if (best >= 0 && (logits[candidate] ?? 0) <= (logits[choice] ?? 0)) continue;
      best = verb;
      choice = candidate;
    }
    if (best < 0) return { label: NOTHING, choice: NO_OP, gap: Number.NEGATIVE_INFINITY };
    const gap = (logits[choice] ?? 0) - (logits[NO_OP] ?? 0);
    return { label: gap > 0 ? 1 + best : NOTHING, choice, gap };
  }

  get choices(): number {
    return choiceCount(this.components, this.#verbs);
  }
}
