/** What the trainer keeps per role beside the shared weights: optimizer, running moments, and how far it has come. */

import { RandomStream, sqrt } from '../base/index.ts';
import { Adam, initialWeights, parameterGroup, parameterTable } from '../neural/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { featureSumsLength, RunningMoments, SUMS } from './feature-sums.ts';
import { hideFeatures } from './hidden-features.ts';
import { featureWidth, type RoleVector, resetScaling, viewRoleVector } from './role-vector.ts';
import type { RoleDimensions } from './run-dimensions.ts';
import { requireShape } from './start-network.ts';

/** What a role learner is made of. */
export interface RoleLearnerParts {
  readonly dimensions: RoleDimensions;
  /** All slots of this role in shared memory. */
  readonly parameters: Float32Array;
  readonly parameterCount: number;
  readonly seed: number;
  readonly scaleRewards: boolean;
  /** Least deviation a feature is divided by. */
  readonly deviationMin: number;
  /** Logit of the no-op before anything is learned. */
  readonly noOpLogit: number;
}

/** One role's optimizer and statistics; its weights and scaling lie in slot 0 of the shared parameters. */
export class RoleLearner {
  /** Decisions learned from. */
  steps = 0;
  readonly adam: Adam;
  readonly vector: RoleVector;
  readonly #parts: RoleLearnerParts;
  readonly #components: RunningMoments;
  readonly #cluster: RunningMoments;
  readonly #critic: RunningMoments;
  readonly #returns: RunningMoments = new RunningMoments(1);

  constructor(parts: RoleLearnerParts) {
    const { dimensions, parameters, parameterCount, seed } = parts;
    const { shape, role } = dimensions;
    this.#parts = parts;
    this.adam = new Adam(parameterCount);
    this.vector = viewRoleVector(parameters, 0, { shape, parameterCount });
    this.vector.weights.set(initialWeights(shape, new RandomStream(seed, `weights ${role}`).uint32()));
    this.vector.weights[parameterGroup(parameterTable(shape), 'noop.output.bias').offset] = parts.noOpLogit;
    resetScaling(this.vector);
    hideFeatures(this.vector.components, dimensions.hiddenColumns);
    this.#components = new RunningMoments(shape.componentFeatures);
    this.#cluster = new RunningMoments(shape.clusterFeatures);
    this.#critic = new RunningMoments(shape.criticFeatures);
  }

  /** Starts from a trained agent instead of from nothing. */
  adopt(agent: NeuralAgent): void {
    requireShape(agent, this.#parts.dimensions.shape);
    this.vector.weights.set(agent.weights);
    for (const kind of ['components', 'cluster', 'critic'] as const) {
      this.vector[kind].means.set(agent.scaling[kind].means);
      this.vector[kind].factors.set(agent.scaling[kind].factors);
    }
    hideFeatures(this.vector.components, this.#parts.dimensions.hiddenColumns);
  }

  /** Factor on rewards, with this iteration's returns taken in: 1 / deviation of discounted returns. */
  rewardScale(sums: Float64Array, shards: number): number {
    const stride = sums.length / shards;
    for (let shard = 0; shard < shards; shard++) {
      const start = shard * stride;
      const sum = sums.subarray(start + SUMS.returnSum, start + SUMS.returnSum + 1);
      const squares = sums.subarray(start + SUMS.returnSquares, start + SUMS.returnSquares + 1);
      this.#returns.merge(sums[start + SUMS.returnCount]!, sum, squares);
    }
    return this.#parts.scaleRewards ? 1 / sqrt(this.#returns.variances[0]! + 1e-8) : 1;
  }

  /** Takes in what the shards saw, in their order, and scales features by it from now on. */
  updateScaling(sums: Float64Array, shards: number): void {
    const stride = sums.length / shards;
    const features = featureWidth(this.#parts.dimensions.shape);
    for (let shard = 0; shard < shards; shard++) {
      const row = sums.subarray(shard * stride, shard * stride + featureSumsLength(features));
      let at: number = SUMS.features;
      for (const [moments, count] of [
        [this.#components, row[SUMS.componentRows]!],
        [this.#cluster, row[SUMS.clusterRows]!],
        [this.#critic, row[SUMS.clusterRows]!],
      ] as const) {
        const end = at + moments.means.length;
        moments.merge(count, row.subarray(at, end), row.subarray(at + features, end + features));
        at = end;
      }
    }
    const { deviationMin, dimensions } = this.#parts;
    this.#components.scalingInto(this.vector.components, deviationMin);
    hideFeatures(this.vector.components, dimensions.hiddenColumns);
    this.#cluster.scalingInto(this.vector.cluster, deviationMin);
    this.#critic.scalingInto(this.vector.critic, deviationMin);
  }

  /** Copies the present weights and scaling to a slot for past snapshots. */
  snapshotTo(slot: number): void {
    const { parameters, dimensions, parameterCount } = this.#parts;
    const length = parameterCount + 2 * featureWidth(dimensions.shape);
    parameters.copyWithin(slot * length, 0, length);
  }

  /** The network and scaling in a slot, the present one at 0; what an agent is, without its name and specs. */
  copyNetwork(slot: number): Pick<NeuralAgent, 'role' | 'shape' | 'weights' | 'scaling'> {
    const { dimensions, parameters, parameterCount } = this.#parts;
    const { role, shape } = dimensions;
    const { weights, components, cluster, critic } = viewRoleVector(parameters, slot, { shape, parameterCount });
    const copy = ({ means, factors }: RoleVector['components']) => ({ means: means.slice(), factors: factors.slice() });
    const scaling = { components: copy(components), cluster: copy(cluster), critic: copy(critic) };
    return { role, shape, weights: weights.slice(), scaling };
  }

  /** All state but the weights, as arrays for a checkpoint; `prefix` keeps roles apart. */
  save(prefix: string): Record<string, Float32Array | Float64Array> {
    const { steps, means, squares } = this.adam.save();
    return {
      [`${prefix}counters`]: Float64Array.of(this.steps, steps),
      [`${prefix}adam.means`]: means,
      [`${prefix}adam.squares`]: squares,
      [`${prefix}components`]: this.#components.save(),
      [`${prefix}cluster`]: this.#cluster.save(),
      [`${prefix}critic`]: this.#critic.save(),
      [`${prefix}returns`]: this.#returns.save(),
    };
  }

  /** Continues from what `save` returned under the same prefix. */
  load(prefix: string, array: (name: string) => Float32Array | Float64Array): void {
    const [steps = 0, adamSteps = 0] = array(`${prefix}counters`);
    this.steps = steps;
    const means = Float32Array.from(array(`${prefix}adam.means`));
    const squares = Float32Array.from(array(`${prefix}adam.squares`));
    this.adam.load({ steps: adamSteps, means, squares });
    this.#components.load(Float64Array.from(array(`${prefix}components`)));
    this.#cluster.load(Float64Array.from(array(`${prefix}cluster`)));
    this.#critic.load(Float64Array.from(array(`${prefix}critic`)));
    this.#returns.load(Float64Array.from(array(`${prefix}returns`)));
  }
}
