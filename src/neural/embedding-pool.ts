/** Pools the embeddings of a sample's components into its cluster state. */
import type { NetworkShape } from './backend.ts';
import type { EntityTile } from './entity-tile.ts';
import type { Kernels } from './kernels.ts';
import type { Rows } from './rows.ts';

/** Writes [mean, max] of the embeddings to the front of the cluster state. */
export class EmbeddingPool {
  private readonly kernels: Kernels;
  private readonly tile: EntityTile;
  private readonly units: number;
  /** Which component holds the maximum: samples x embeddingUnits. */
  private readonly winners: number;

  constructor(kernels: Kernels, shape: NetworkShape, tile: EntityTile) {
    this.kernels = kernels;
    this.tile = tile;
    this.units = shape.embeddingUnits;
    this.winners = kernels.allocateWords(tile.samplesMax * shape.embeddingUnits);
  }

  forward({ address, stride }: Rows): void {
    const { tile } = this;
    const { clusterState } = tile;
    this.kernels.run.poolRows(
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

  /** Sets the gradients of the embeddings to what comes back from the cluster state. */
  backward(clusterStateGradients: Rows, { address, stride }: Rows): void {
    const { tile } = this;
    this.kernels.run.poolRowsBackward(
      tile.samples,
      tile.counts,
      clusterStateGradients.address,
      clusterStateGradients.stride,
      this.units,
      this.winners,
      address,
      stride,
    );
  }
}
