/** The entity network on one tile: forward and backward through encoder, policy head and critic. */
import type { NetworkShape } from './backend.ts';
import { Critic } from './critic.ts';
import type { DenseLayer } from './dense-layer.ts';
import { Encoder } from './encoder.ts';
import { createEntityLayers } from './entity-layers.ts';
import type { EntityTile } from './entity-tile.ts';
import type { Kernels } from './kernels.ts';
import { PolicyHead } from './policy-head.ts';

/** Layers and activations of one tile; the tile must be loaded before `forward`. */
export class EntityNetwork {
  readonly layers: readonly DenseLayer[];
  readonly head: PolicyHead;
  readonly critic: Critic;
  private readonly encoder: Encoder;

  constructor(kernels: Kernels, shape: NetworkShape, tile: EntityTile) {
    const layers = createEntityLayers(kernels, shape);
    this.layers = Object.values(layers);
    this.encoder = new Encoder(kernels, shape, layers, tile);
    this.head = new PolicyHead(kernels, shape, layers, tile);
    this.critic = new Critic(kernels, shape, layers, tile);
  }

  forward(): void {
    this.encoder.forward();
    this.head.forward(this.encoder.embeddings);
    this.critic.forward();
  }

  /** Adds the gradients of all parameters, from those of the logits and values. */
  backward(): void {
    this.critic.backward();
    this.head.backward();
    this.encoder.poolBackward(this.head.clusterStateGradients);
    this.head.addEmbeddingGradients(this.encoder.embeddingGradients);
    this.encoder.backward();
  }
}
