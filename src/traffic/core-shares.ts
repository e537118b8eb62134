/**
 * How processes on one machine share its cores when they want more than it has: max-min fairness, as of the completely
 * fair scheduler, with limits as weights. Who wants little gets it all; the others get the same share of their limits.
 */

import type { ClusterSpec, ClusterState } from '../cluster/index.ts';

/** Each round takes those out of the race who get all they want; a few are enough. */
const ROUNDS_MAX = 8;

/** What replicas want; arrays by replica slot and by node, in cores. */
interface Wants {
  readonly demand: Float64Array;
  readonly limit: Float64Array;
  /** Foreign work, which takes whatever it gets. */
  readonly stolen: Float64Array;
}

/** Works out shares; scratch arrays, no state. */
export class CoreShares {
  /** Share of its limit that each process of a machine may use, at most 1; by node. */
  readonly level: Float64Array;
  readonly #cores: Float64Array;
  readonly #weights: Float64Array;
  readonly #left: Float64Array;

  constructor(spec: ClusterSpec) {
    this.#cores = Float64Array.from(spec.nodes, (node) => node.cores);
    this.level = new Float64Array(this.#cores.length);
    this.#weights = new Float64Array(this.#cores.length);
    this.#left = new Float64Array(this.#cores.length);
  }

  /** Writes the level of every machine. */
  share({ replicas }: ClusterState, wants: Wants): void {
    const { level } = this;
    level.fill(0);
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      this.#sum(replicas.node, wants);
      let changed = false;
      for (let node = 0; node < level.length; node += 1) {
        const weight = this.#weights[node]!;
        const next = weight > 0 ? Math.min(1, Math.max(0, this.#left[node]!) / weight) : 1;
        if (next > level[node]!) changed = true;
        level[node] = next;
      }
      if (!changed) return;
    }
  }

  /** Weights of those who want more than the level gives them, and the cores that the others leave. */
  #sum(nodeOf: Int32Array, { demand, limit, stolen }: Wants): void {
    this.#weights.set(stolen);
    this.#left.set(this.#cores);
    for (let replica = 0; replica < demand.length; replica += 1) {
      const node = nodeOf[replica]!;
      if (node < 0) continue;
      if (demand[replica]! >= this.level[node]! * limit[replica]!) this.#weights[node]! += limit[replica]!;
      else this.#left[node]! -= demand[replica]!;
    }
  }
}
