/** The part of the entity network that all components share, and its pooling over the components of a sample. */
import type { NetworkShape } from './backend.ts';
import type { EntityLayers } from './entity-layers.ts';
import type { EntityTile } from './entity-tile.ts';
import type { Kernels } from './kernels.ts';
import { allocateRows, type Rows, tanhRows, tanhRowsBackward } from './rows.ts';

/** x -> hidden -> embedding, and [mean, max] of the embeddings into the cluster state. */
export class Encoder {
  readonly embeddings: Rows;
  readonly embeddingGradients: Rows;
  private readonly kernels: Kernels;
  private readonly layers: EntityLayers;
  private readonly tile: EntityTile;
  private readonly units: number;
  private readonly hidden: Rows;
  private readonly hiddenGradients: Rows;
  /** Which component holds the maximum: samples x embeddingUnits. */
  private readonly winners: number;

  constructor(kernels: Kernels, shape: NetworkShape, layers: EntityLayers, tile: EntityTile) {
    this.kernels = kernels;
    this.layers = layers;
    this.tile = tile;
    this.units = shape.embeddingUnits;
    this.hidden = allocateRows(kernels, tile.rowsMax, shape.encoderUnits);
    this.hiddenGradients = allocateRows(kernels, tile.rowsMax, shape.encoderUnits);
    this.embeddings = allocateRows(kernels, tile.rowsMax, shape.embeddingUnits);
    this.embeddingGradients = allocateRows(kernels, tile.rowsMax, shape.embeddingUnits);
    this.winners = kernels.allocateWords(tile.samplesMax * shape.embeddingUnits);
  }

  forward(): void {
    const { kernels, layers, tile } = this;
    layers.encoderFirst.forward(tile.rows, tile.components, this.hidden);
    tanhRows(kernels, tile.rows, this.hidden);
    layers.encoderSecond.forward(tile.rows, this.hidden, this.embeddings);
    tanhRows(kernels, tile.rows, this.embeddings);
    const { address, stride } = this.embeddings;
    const { clusterState } = tile;
    kernels.run.poolRows(
      tile.samples,
      tile.counts,
      address,
      stride,
      this.units,
      clusterState.address,
      clusterState.stride,
      this.winners,
    );
  }

  /** Sets the gradients of the embeddings to what comes back through pooling. */
  poolBackward(clusterStateGradients: Rows): void {
    const { address, stride } = this.embeddingGradients;
    this.kernels.run.poolRowsBackward(
      this.tile.samples,
      this.tile.counts,
      clusterStateGradients.address,
      clusterStateGradients.stride,
      this.units,
      this.winners,
      address,
      stride,
    );
  }

  /** Takes the complete gradients of the embeddings through the two layers. */
  backward(): void {
    const { kernels, layers, tile } = this;
    tanhRowsBackward(kernels, tile.rows, this.embeddingGradients, this.embeddings);
    layers.encoderSecond.addGradients(tile.rows, this.hidden, this.embeddingGradients);
    layers.encoderSecond.backward(tile.rows, this.embeddingGradients, this.hiddenGradients);
    tanhRowsBackward(kernels, tile.rows, this.hiddenGradients, this.hidden);
    layers.encoderFirst.addGradients(tile.rows, tile.components, this.hiddenGradients);
  }
}
