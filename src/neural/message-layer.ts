/** One learned exchange between neighbours: a component's embedding from its own and from those around it. */
import type { NetworkShape } from './backend.ts';
import type { DenseLayer } from './dense-layer.ts';
import type { MessageLayers } from './entity-layers.ts';
import type { EntityTile } from './entity-tile.ts';
import type { Kernels } from './kernels.ts';
import { allocateRows, type Rows, tanhRows, tanhRowsBackward } from './rows.ts';
import type { TileGraphs } from './tile-graphs.ts';

/** One side of a component's neighbours: which lists, their pooled embeddings, and what those are multiplied with. */
interface Side {
  readonly lists: number;
  readonly mean: DenseLayer;
  readonly max: DenseLayer;
  readonly means: Rows;
  readonly maxima: Rows;
  readonly winners: Rows;
}

/** tanh of a dense layer over [own, mean and max of the dependents', mean and max of the dependencies' embeddings]. */
export class MessageLayer {
  readonly embeddings: Rows;
  readonly embeddingGradients: Rows;
  private readonly kernels: Kernels;
  private readonly tile: EntityTile;
  private readonly own: DenseLayer;
  private readonly sides: readonly Side[];
  private readonly meanGradients: Rows;
  private readonly maxGradients: Rows;

  constructor(kernels: Kernels, shape: NetworkShape, layers: MessageLayers, tile: EntityTile, graphs: TileGraphs) {
    const rows = (): Rows => allocateRows(kernels, tile.rowsMax, shape.embeddingUnits);
    const side = (lists: number, mean: DenseLayer, max: DenseLayer): Side => {
      return { lists, mean, max, means: rows(), maxima: rows(), winners: rows() };
    };
    this.kernels = kernels;
    this.tile = tile;
    this.own = layers.messageOwn;
    this.sides = [
      side(graphs.dependents, layers.messageDependentsMean, layers.messageDependentsMax),
      side(graphs.dependencies, layers.messageDependenciesMean, layers.messageDependenciesMax),
    ];
    this.embeddings = rows();
    this.embeddingGradients = rows();
    this.meanGradients = rows();
    this.maxGradients = rows();
  }

  forward(input: Rows): void {
    const { kernels, tile, own, embeddings } = this;
    own.forward(tile.rows, input, embeddings);
    for (const { lists, mean, max, means, maxima, winners } of this.sides) {
      const { address, stride } = input;
      kernels.run.poolNeighbours(
        tile.samples,
        tile.counts,
        lists,
        address,
        stride,
        means.address,
        maxima.address,
        winners.address,
      );
      mean.forward(tile.rows, means, embeddings, embeddings);
      max.forward(tile.rows, maxima, embeddings, embeddings);
    }
    tanhRows(kernels, tile.rows, embeddings);
  }

  /** Takes the complete gradients of the embeddings through the layer; sets those of its input. */
  backward(input: Rows, inputGradients: Rows): void {
    const { kernels, tile, own, embeddings, embeddingGradients, meanGradients, maxGradients } = this;
    tanhRowsBackward(kernels, tile.rows, embeddingGradients, embeddings);
    own.addGradients(tile.rows, input, embeddingGradients);
    own.backward(tile.rows, embeddingGradients, inputGradients);
    for (const { lists, mean, max, means, maxima, winners } of this.sides) {
      mean.addGradients(tile.rows, means, embeddingGradients);
      max.addGradients(tile.rows, maxima, embeddingGradients);
      mean.backward(tile.rows, embeddingGradients, meanGradients);
      max.backward(tile.rows, embeddingGradients, maxGradients);
      kernels.run.poolNeighboursBackward(
        tile.samples,
        tile.counts,
        lists,
        meanGradients.address,
        maxGradients.address,
        winners.address,
        inputGradients.address,
        inputGradients.stride,
      );
    }
  }
}
