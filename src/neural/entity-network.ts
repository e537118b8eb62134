/** The entity network on one tile: forward and backward through encoder, policy head and critic. */
import type { NetworkShape } from './backend.ts';
import { Critic } from './critic.ts';
import type { DenseLayer } from './dense-layer.ts';
import { EmbeddingPool } from './embedding-pool.ts';
import { Encoder } from './encoder.ts';
import { createEntityLayers, createMemoryLayers, createMessageLayers } from './entity-layers.ts';
import type { EntityTile } from './entity-tile.ts';
import type { Kernels } from './kernels.ts';
import { MemoryCell } from './memory-cell.ts';
import { MessageLayer } from './message-layer.ts';
import { PolicyHead } from './policy-head.ts';
import type { Rows } from './rows.ts';

/** Layers and activations of one tile; the tile must be loaded before `forward`. */
export class EntityNetwork {
  readonly layers: readonly DenseLayer[];
  readonly head: PolicyHead;
  readonly critic: Critic;
  private readonly encoder: Encoder;
  private readonly messages: MessageLayer | undefined;
  /** Only of networks with a memory. */
  readonly memory: MemoryCell | undefined;
  private readonly pool: EmbeddingPool;
  /** What pooling and head work on, and its gradients. */
  private readonly embeddings: Rows;
  private readonly embeddingGradients: Rows;

  constructor(kernels: Kernels, shape: NetworkShape, tile: EntityTile) {
    const layers = createEntityLayers(kernels, shape);
    this.encoder = new Encoder(kernels, shape, layers, tile);
    const own: DenseLayer[] = Object.values(layers);
    if (tile.graphs !== undefined) {
      const messageLayers = createMessageLayers(kernels, shape);
      own.push(...Object.values(messageLayers));
      this.messages = new MessageLayer(kernels, shape, messageLayers, tile, tile.graphs);
    }
    if (tile.memories !== undefined) {
      const memoryLayers = createMemoryLayers(kernels, shape);
      own.push(...Object.values(memoryLayers));
      this.memory = new MemoryCell(kernels, shape, memoryLayers, { tile, memories: tile.memories });
    }
    this.layers = own;
    ({ embeddings: this.embeddings, embeddingGradients: this.embeddingGradients } = this.messages ?? this.encoder);
    this.pool = new EmbeddingPool(kernels, shape, tile);
    this.head = new PolicyHead(kernels, shape, layers, tile);
    this.critic = new Critic(kernels, shape, layers, tile);
  }

  forward(): void {
    this.encoder.forward();
    this.messages?.forward(this.encoder.embeddings);
    this.pool.forward(this.embeddings);
    this.memory?.forward();
    this.head.forward(this.embeddings);
    this.critic.forward();
  }

  /** Adds the gradients of all parameters, from those of the logits and values. */
  backward(): void {
    this.critic.backward();
    this.head.backward();
    this.memory?.backward(this.head.clusterStateGradients);
    this.pool.backward(this.head.clusterStateGradients, this.embeddingGradients);
    this.head.addEmbeddingGradients(this.embeddingGradients);
    this.messages?.backward(this.encoder.embeddings, this.encoder.embeddingGradients);
    this.encoder.backward();
  }
}
