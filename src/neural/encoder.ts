/** The part of the entity network that all components share. */
import type { NetworkShape } from './backend.ts';
import type { EntityLayers } from './entity-layers.ts';
import type { EntityTile } from './entity-tile.ts';
import type { Kernels } from './kernels.ts';
import { allocateRows, type Rows, tanhRows, tanhRowsBackward } from './rows.ts';

/** x -> hidden -> embedding. */
export class Encoder {
  readonly embeddings: Rows;
  readonly embeddingGradients: Rows;
  private readonly kernels: Kernels;
  private readonly layers: EntityLayers;
  private readonly tile: EntityTile;
  private readonly hidden: Rows;
  private readonly hiddenGradients: Rows;

  constructor(kernels: Kernels, shape: NetworkShape, layers: EntityLayers, tile: EntityTile) {
    this.kernels = kernels;
    this.layers = layers;
    this.tile = tile;
    this.hidden = allocateRows(kernels, tile.rowsMax, shape.encoderUnits);
    this.hiddenGradients = allocateRows(kernels, tile.rowsMax, shape.encoderUnits);
    this.embeddings = allocateRows(kernels, tile.rowsMax, shape.embeddingUnits);
    this.embeddingGradients = allocateRows(kernels, tile.rowsMax, shape.embeddingUnits);
  }

  forward(): void {
    const { kernels, layers, tile } = this;
    layers.encoderFirst.forward(tile.rows, tile.components, this.hidden);
    tanhRows(kernels, tile.rows, this.hidden);
    layers.encoderSecond.forward(tile.rows, this.hidden, this.embeddings);
    tanhRows(kernels, tile.rows, this.embeddings);
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
