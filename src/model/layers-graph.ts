/**
 * A TensorFlow.js layers model as data: layers by name in Keras' JSON, and their weights in one block of bytes. Written
 * by hand because the format is small, and exporting a model should not need a machine-learning package.
 */

import { assert } from '../base/index.ts';
import { littleEndianFloats } from './float-bytes.ts';
import type { WeightArray } from './trained-parts.ts';

/** A layer to add: what Keras calls it, what it reads, its settings and its weights. */
export interface LayerDefinition {
  readonly className: string;
  /** Names of the layers whose outputs it reads. */
  readonly from: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly weights?: Readonly<Record<string, WeightArray>>;
}

/** The files of a layers model: `model.json` as a document, and the bytes of `weights.bin`. */
export interface LayersModel {
  readonly document: Readonly<Record<string, unknown>>;
  readonly weights: Uint8Array;
}

/** File that the document names for its weights; it lies beside it. */
export const WEIGHTS_FILE = 'weights.bin';

/** Collects layers; each has one output, which goes by the layer's name. */
export class LayersGraph {
  readonly #layers: object[] = [];
  readonly #names = new Set<string>();
  readonly #inputs: string[] = [];
  readonly #weights: { readonly name: string; readonly weight: WeightArray }[] = [];

  /** Adds an input; `shape` leaves out the batch, and null stands for any length. */
  input(name: string, shape: readonly (number | null)[]): string {
    this.#inputs.push(name);
    const config = { batch_input_shape: [null, ...shape], dtype: 'float32', sparse: false };
    return this.#push(name, { className: 'InputLayer', from: [], config });
  }

  /** Adds a layer and returns its name. */
  layer(name: string, definition: LayerDefinition): string {
    for (const source of definition.from) assert(this.#names.has(source), `there is no layer ${source} yet`);
    for (const [key, weight] of Object.entries(definition.weights ?? {})) {
      const size = weight.shape.reduce((product, length) => product * length, 1);
      assert(size === weight.values.length, `${name}/${key} has as many values as its shape says`);
      this.#weights.push({ name: `${name}/${key}`, weight });
    }
    return this.#push(name, definition);
  }

  /** The model whose output is the named layer's. */
  finish(model: { readonly name: string; readonly output: string; readonly metadata: object }): LayersModel {
    const config = {
      name: model.name,
      layers: this.#layers,
      input_layers: this.#inputs.map((name) => [name, 0, 0]),
      output_layers: [[model.output, 0, 0]],
    };
    const specs = this.#weights.map(({ name, weight }) => ({ name, shape: weight.shape, dtype: 'float32' }));
    const document = {
      format: 'layers-model',
      generatedBy: 'deepl-ops',
      convertedBy: null,
      modelTopology: {
        class_name: 'Model',
        config,
        keras_version: 'tfjs-layers 4.22.0',
        backend: 'tensor_flow.js',
      },
      weightsManifest: [{ paths: [WEIGHTS_FILE], weights: specs }],
      userDefinedMetadata: model.metadata,
    };
    return { document, weights: littleEndianFloats(this.#weights.map(({ weight }) => weight.values)) };
  }

  #push(name: string, { className, from, config = {} }: LayerDefinition): string {
    assert(!this.#names.has(name), `there is one layer ${name}`);
    this.#names.add(name);
    const nodes = from.length === 0 ? [] : [from.map((source) => [source, 0, 0, {}])];
    this.#layers.push({ name, class_name: className, config: { name, ...config }, inbound_nodes: nodes });
    return name;
  }
}
