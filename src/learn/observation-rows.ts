/** Copies observations from a vector environment into rows for a network, scaled on the way. */

import type { VectorEnvironment } from '../contract/index.ts';
import {
  type ComponentGraph,
  type FeatureScaling,
  type ObservationBatch,
  type PolicyOutput,
  scaleRows,
} from '../neural/index.ts';
import type { ObservationScaling } from './role-vector.ts';
import type { RoleDimensions, RunDimensions } from './run-dimensions.ts';

/** Arrays over rows of one role's observations, wherever they lie. */
export interface RowArrays {
  readonly counts: Int32Array;
  readonly components: Float32Array;
  readonly cluster: Float32Array;
  readonly critic: Float32Array;
  readonly mask: Uint8Array;
  /** Number of the environment in the run. */
  readonly graphOf: Int32Array;
  /** Only of networks with a memory. */
  readonly memories?: Float32Array;
}

/** Whose observations the rows hold. */
export interface RowsOwner {
  readonly role: RoleDimensions;
  readonly componentsMax: number;
  /** By environment of the run. */
  readonly graphs: readonly ComponentGraph[];
  /** Number in the run of the first environment that fills rows. */
  readonly firstEnvironment: number;
}

/** The rows of a role in a shard of the run. */
export function rowsOwner(
  {
    dimensions,
    graphs,
    shard,
  }: {
    readonly dimensions: RunDimensions;
    readonly graphs: readonly ComponentGraph[];
    readonly shard: number;
  },
  role: number,
): RowsOwner {
  const { componentsMax, environmentsPerShard } = dimensions;
  return { role: dimensions.roles[role]!, componentsMax, graphs, firstEnvironment: shard * environmentsPerShard };
}

/** A network's outputs, memories included. */
export type RequiredOutput = Required<PolicyOutput>;

/** Room for the outputs of a role's network for `size` rows. */
export function policyOutput({ shape, choicesMax }: RoleDimensions, size: number): RequiredOutput {
  return {
    logits: new Float32Array(size * choicesMax),
    values: new Float32Array(size),
    memories: new Float32Array(size * (shape.memoryUnits ?? 0)),
  };
}

/** Rows of one role with memory of their own, or on arrays that are given. */
export class ObservationRows implements ObservationBatch {
  size = 0;
  readonly componentsMax: number;
  readonly counts: Int32Array;
  readonly components: Float32Array;
  readonly cluster: Float32Array;
  readonly critic: Float32Array;
  readonly mask: Uint8Array;
  readonly graphs: readonly ComponentGraph[];
  readonly graphOf: Int32Array;
  /** What is remembered before the decision; left to whoever remembers. */
  readonly memories: Float32Array;
  readonly selection: Int32Array;
  readonly #owner: RowsOwner;

  constructor(owner: RowsOwner, sizeMax: number, arrays?: RowArrays) {
    const { componentsMax, graphs } = owner;
    const { shape, choicesMax } = owner.role;
    this.#owner = owner;
    this.graphs = graphs;
    this.graphOf = arrays?.graphOf ?? new Int32Array(sizeMax);
    this.memories = arrays?.memories ?? new Float32Array(sizeMax * (shape.memoryUnits ?? 0));
    this.componentsMax = componentsMax;
    this.counts = arrays?.counts ?? new Int32Array(sizeMax);
    this.components = arrays?.components ?? new Float32Array(sizeMax * componentsMax * shape.componentFeatures);
    this.cluster = arrays?.cluster ?? new Float32Array(sizeMax * shape.clusterFeatures);
    this.critic = arrays?.critic ?? new Float32Array(sizeMax * shape.criticFeatures);
    this.mask = arrays?.mask ?? new Uint8Array(sizeMax * choicesMax);
    this.selection = new Int32Array(sizeMax);
  }

  /** Makes the batch empty, for rows to be selected one by one. */
  clear(): void {
    this.size = 0;
  }

  /** Adds a row to the batch; the outputs of a network come in the order of selection. */
  select(row: number): void {
    this.selection[this.size++] = row;
  }

  /** Fills a row with what an environment shows now, as it is where there is no scaling. */
  fill(row: number, environment: VectorEnvironment, index: number, scaling: ObservationScaling | undefined): void {
    const { shape, role, choicesMax } = this.#owner.role;
    const source = environment.buffers[role]!;
    const count = environment.counts[index]!;
    const stride = environment.componentsMax;
    this.counts[row] = count;
    this.graphOf[row] = this.#owner.firstEnvironment + index;
    copyRows(source.components, this.components, scaling?.components, {
      sourceStart: index * stride * shape.componentFeatures,
      targetStart: row * this.componentsMax * shape.componentFeatures,
      rows: count,
      width: shape.componentFeatures,
    });
    const one = (width: number) => ({ sourceStart: index * width, targetStart: row * width, rows: 1, width });
    copyRows(source.cluster, this.cluster, scaling?.cluster, one(shape.clusterFeatures));
    copyRows(source.critic, this.critic, scaling?.critic, one(shape.criticFeatures));
    const choices = count * shape.verbs + 1;
    const from = index * (stride * shape.verbs + 1);
    const to = row * choicesMax;
    this.mask.set(source.mask.subarray(from, from + choices), to);
    this.mask.fill(0, to + choices, to + choicesMax);
  }
}

function copyRows(
  source: Float32Array,
  target: Float32Array,
  scaling: FeatureScaling | undefined,
  at: { readonly sourceStart: number; readonly targetStart: number; readonly rows: number; readonly width: number },
): void {
  if (scaling !== undefined) scaleRows(source, target, scaling, at);
  else target.set(source.subarray(at.sourceStart, at.sourceStart + at.rows * at.width), at.targetStart);
}
