/** An ONNX model as data: operations in order, their constants, inputs and outputs, and the bytes of the file. */

import { assert } from '../base/index.ts';
import { littleEndianFloats } from './float-bytes.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import type { WeightArray } from './trained-parts.ts';

/** Operations as of this version of the standard set; the version of the file format that goes with it. */
const OPERATOR_SET = 17;
const FORMAT_VERSION = 8;

const elementTypes = { float: 1, int64: 7 };
const ATTRIBUTE_INTEGER = 2;
const ATTRIBUTE_INTEGERS = 7;

/** A tensor that goes in or comes out; a length is a number, or a name for one that is free. */
export interface OnnxValue {
  readonly name: string;
  readonly type: keyof typeof elementTypes;
  readonly shape: readonly (number | string)[];
  readonly meaning: string;
}

/** Attributes of an operation: whole numbers or lists of them. */
type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** Collects operations; each has one output, which goes by the name it is given. */
export class OnnxGraph {
  readonly #graph: ProtobufWriter = new ProtobufWriter();
  readonly #names = new Set<string>();

  /** Adds an input and returns its name. */
  input(value: OnnxValue): string {
    this.#graph.message(11, valueInfo(value));
    return this.#take(value.name);
  }

  /** Adds an output: the result of the operation of that name. */
  output(value: OnnxValue): void {
    assert(this.#names.has(value.name), `there is no ${value.name} to be put out`);
    this.#graph.message(12, valueInfo(value));
  }

  /** Adds a constant matrix or vector of floats and returns its name. */
  floats(name: string, { shape, values }: WeightArray): string {
    const tensor = tensorOf(name, 'float', shape).bytes(9, littleEndianFloats([values]));
    this.#graph.message(5, tensor);
    return this.#take(name);
  }

  /** Adds a constant number. */
  scalar(name: string, value: number): string {
    return this.floats(name, { shape: [], values: Float32Array.of(value) });
  }

  /** Adds a constant list of whole numbers, -1 included. */
  integers(name: string, values: readonly number[]): string {
    const bytes = new DataView(new ArrayBuffer(8 * values.length));
    values.forEach((value, index) => {
      bytes.setBigInt64(8 * index, BigInt(value), true);
    });
    this.#graph.message(5, tensorOf(name, 'int64', [values.length]).bytes(9, new Uint8Array(bytes.buffer)));
    return this.#take(name);
  }

  /** Adds an operation on earlier results and returns its name, which is its result's too. */
  operation(name: string, type: string, from: readonly string[], attributes: Attributes = {}): string {
    const node = new ProtobufWriter();
    for (const source of from) {
      assert(this.#names.has(source), `there is no ${source} yet`);
      node.text(1, source);
    }
    node.text(2, name).text(3, name).text(4, type);
    for (const [key, value] of Object.entries(attributes)) node.message(5, attributeOf(key, value));
    this.#graph.message(1, node);
    return this.#take(name);
  }

  /** The file. `metadata` travels in it as text by name. */
  finish(model: { readonly name: string; readonly metadata: Readonly<Record<string, string>> }): Uint8Array {
    const file = new ProtobufWriter().integer(1, FORMAT_VERSION).text(2, 'deepl-ops');
    file.message(7, this.#graph.text(2, model.name));
    file.message(8, new ProtobufWriter().text(1, '').integer(2, OPERATOR_SET));
    for (const [key, value] of Object.entries(model.metadata)) {
      file.message(14, new ProtobufWriter().text(1, key).text(2, value));
    }
    return file.finish();
  }

  #take(name: string): string {
    assert(!this.#names.has(name), `there is one ${name}`);
    this.#names.add(name);
    return name;
  }
}

function tensorOf(name: string, type: keyof typeof elementTypes, shape: readonly number[]): ProtobufWriter {
  return new ProtobufWriter().integers(1, shape).integer(2, elementTypes[type]).text(8, name);
}

function attributeOf(name: string, value: number | readonly number[]): ProtobufWriter {
  const attribute = new ProtobufWriter().text(1, name);
  if (typeof value === 'number') return attribute.integer(3, value).integer(20, ATTRIBUTE_INTEGER);
  return attribute.integers(8, value).integer(20, ATTRIBUTE_INTEGERS);
}

function valueInfo({ name, type, shape, meaning }: OnnxValue): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const length of shape) {
    const dimension = new ProtobufWriter();
    dimensions.message(1, typeof length === 'number' ? dimension.integer(1, length) : dimension.text(2, length));
  }
  const tensor = new ProtobufWriter().integer(1, elementTypes[type]).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor)).text(3, meaning);
}
