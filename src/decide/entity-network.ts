/**
 * The exported network in plain JavaScript, from the weights of its TensorFlow.js file: an order model decides without
 * any machine-learning package. Doubles throughout; the difference to the float kernels is below 1e-5.
 */

import { assert, log, tanh } from '../base/index.ts';
import type { Observation } from '../contract/index.ts';

/** A matrix or vector of the file. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const ILLEGAL_LOGIT = -1e8;
const SCALED_MAX = 10;

/** Runs one network on observations of any size. */
export class EntityNetwork {
  readonly #arrays: ReadonlyMap<string, NamedArray>;
  readonly #verbs: number;
  readonly #componentFeatures: number;

  /** Arrays by the names of the layers file. Throws a RangeError naming one that is missing. */
  constructor(arrays: ReadonlyMap<string, NamedArray>) {
    this.#arrays = arrays;
    for (const name of ARRAYS) this.#array(name);
    this.#verbs = this.#array('head_verbs/bias').values.length;
    this.#componentFeatures = this.#array('components_scaled/gamma').values.length;
  }

  /** Logits by choice: 0 = do nothing, 1 + component x verbs + verb; -1e8 where the mask is 0. */
  logits({ components, cluster, mask }: Pick<Observation, 'components' | 'cluster' | 'mask'>): Float64Array {
    const count = components.length / this.#componentFeatures;
    assert(mask.length === count * this.#verbs + 1, 'a mask has one entry per choice');
    const embeddings = this.#embed(components, count);
    const state = this.#state(embeddings, this.#scaled('cluster', cluster), count);
    const shared = this.#dense('head_cluster', state);
    const logits = new Float64Array(mask.length).fill(ILLEGAL_LOGIT);
    const hidden = this.#dense('noop_hidden', state).map(tanh);
    logits[0] = this.#dense('noop_output', hidden)[0] ?? 0;
    for (let component = 0; component < count; component += 1) {
      const first = 1 + component * this.#verbs;
      if (!mask.subarray(first, first + this.#verbs).includes(1)) continue;
      this.#scoreVerbs(embeddings[component] ?? new Float64Array(), shared).forEach((score, verb) => {
        if (mask[first + verb] === 1) logits[first + verb] = score;
      });
    }
    return logits;
  }

  #embed(components: Float32Array, count: number): Float64Array[] {
    const width = this.#componentFeatures;
    return Array.from({ length: count }, (_, component) => {
      const scaled = this.#scaled('components', components.subarray(component * width, (component + 1) * width));
      return this.#dense('encoder_second', this.#dense('encoder_first', scaled).map(tanh)).map(tanh);
    });
  }

  /** [mean embedding, max embedding, cluster features, log(1 + N)]. */
  #state(embeddings: readonly Float64Array[], cluster: Float64Array, count: number): Float64Array {
    const units = embeddings[0]?.length ?? 0;
    const state = new Float64Array(2 * units + cluster.length + 1);
    state.fill(Number.NEGATIVE_INFINITY, units, 2 * units);
    for (const embedding of embeddings) {
      embedding.forEach((value, unit) => {
        state[unit] = (state[unit] ?? 0) + value / count;
        state[units + unit] = Math.max(state[units + unit] ?? 0, value);
      });
    }
    state.set(cluster, 2 * units);
    state[state.length - 1] = log(1 + count);
    return state;
  }

  #scoreVerbs(embedding: Float64Array, shared: Float64Array): Float64Array {
    const own = this.#dense('head_component', embedding);
    return this.#dense(
      'head_verbs',
      own.map((value, unit) => tanh(value + (shared[unit] ?? 0))),
    );
  }

  #scaled(input: 'components' | 'cluster', values: Float32Array): Float64Array {
    const means = this.#array(`${input}_scaled/moving_mean`).values;
    const factors = this.#array(`${input}_scaled/gamma`).values;
    return Float64Array.from(values, (value, feature) => {
      const scaled = (value - (means[feature] ?? 0)) * (factors[feature] ?? 0);
      return Math.max(-SCALED_MAX, Math.min(SCALED_MAX, scaled));
    });
  }

  /** input x kernel + bias, where there is one. */
  #dense(layer: string, input: Float64Array): Float64Array {
    const { shape, values } = this.#array(`${layer}/kernel`);
    const columns = shape[1] ?? 0;
    const out = Float64Array.from(this.#arrays.get(`${layer}/bias`)?.values ?? new Float64Array(columns));
    for (let row = 0; row < input.length; row += 1) {
      const factor = input[row] ?? 0;
      if (factor === 0) continue;
      const at = row * columns;
      for (let column = 0; column < columns; column += 1) {
        out[column] = (out[column] ?? 0) + factor * (values[at + column] ?? 0);
      }
    }
    return out;
  }

  #array(name: string): NamedArray {
    const array = this.#arrays.get(name);
    if (array === undefined) throw new RangeError(`there are no weights ${name}`);
    return array;
  }
}

const ARRAYS = [
  ...['components', 'cluster'].flatMap((input) => [`${input}_scaled/moving_mean`, `${input}_scaled/gamma`]),
  ...['encoder_first', 'encoder_second', 'head_cluster', 'head_verbs', 'noop_hidden', 'noop_output'].flatMap(
    (layer) => [`${layer}/kernel`, `${layer}/bias`],
  ),
  'head_component/kernel',
];
