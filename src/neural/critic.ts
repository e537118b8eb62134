/** The critic of the entity network: a small perceptron over the pooled raw features, apart from the policy. */
import type { NetworkShape } from './backend.ts';
import type { EntityLayers } from './entity-layers.ts';
import type { EntityTile } from './entity-tile.ts';
import type { Kernels } from './kernels.ts';
import { allocateRows, type Rows, tanhRows, tanhRowsBackward } from './rows.ts';

/** critic state -> hidden -> hidden -> value. */
export class Critic {
  /** The value is the first float of a sample's row. */
  readonly values: Rows;
  readonly valueGradients: Rows;
  private readonly kernels: Kernels;
  private readonly features: number;
  private readonly layers: EntityLayers;
  private readonly tile: EntityTile;
  private readonly first: Rows;
  private readonly second: Rows;
  private readonly gradients: Rows;

  constructor(kernels: Kernels, shape: NetworkShape, layers: EntityLayers, tile: EntityTile) {
    this.kernels = kernels;
    this.features = shape.componentFeatures;
    this.layers = layers;
    this.tile = tile;
    this.first = allocateRows(kernels, tile.samplesMax, shape.valueUnits);
    this.second = allocateRows(kernels, tile.samplesMax, shape.valueUnits);
    this.gradients = allocateRows(kernels, tile.samplesMax, shape.valueUnits);
    this.values = allocateRows(kernels, tile.samplesMax, 1);
    this.valueGradients = allocateRows(kernels, tile.samplesMax, 1);
  }

  forward(): void {
    const { kernels, layers, tile } = this;
    this.poolFeatures();
    layers.valueFirst.forward(tile.samples, tile.criticState, this.first);
    tanhRows(kernels, tile.samples, this.first);
    layers.valueSecond.forward(tile.samples, this.first, this.second);
    tanhRows(kernels, tile.samples, this.second);
    layers.valueOutput.forward(tile.samples, this.second, this.values);
  }

  /** Adds the gradients of the critic's parameters from those of the values. */
  backward(): void {
    const { kernels, layers, tile, gradients } = this;
    layers.valueOutput.addGradients(tile.samples, this.second, this.valueGradients);
    layers.valueOutput.backward(tile.samples, this.valueGradients, this.gradients);
    tanhRowsBackward(kernels, tile.samples, gradients, this.second);
    layers.valueSecond.addGradients(tile.samples, this.first, gradients);
    layers.valueSecond.backward(tile.samples, gradients, this.second);
    tanhRowsBackward(kernels, tile.samples, this.second, this.first);
    layers.valueFirst.addGradients(tile.samples, tile.criticState, this.second);
  }

  private poolFeatures(): void {
    const { address, stride } = this.tile.components;
    const { criticState } = this.tile;
    this.kernels.run.poolRows(
      this.tile.samples,
      this.tile.counts,
      address,
      stride,
      this.features,
      criticState.address,
      criticState.stride,
      0,
    );
  }
}
