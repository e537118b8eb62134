/** The part of the entity network that scores choices: the verbs of each component, and doing nothing. */
import { assert } from '../base/index.ts';
import { MASKED_LOGIT, type NetworkShape } from './backend.ts';
import type { EntityLayers } from './entity-layers.ts';
import type { EntityTile } from './entity-tile.ts';
import { type Kernels, roundUp } from './kernels.ts';
import { headStateSize } from './parameter-table.ts';
import { allocateRows, type Rows, TILE_ROWS, tanhRows, tanhRowsBackward, WORD_BYTES } from './rows.ts';

/**
 * Works on head rows: the components with a legal verb, close together. The hidden layer of a row is the part of its
 * embedding plus the part of its sample's cluster state, which is computed once per sample.
 */
export class PolicyHead {
  /** One block, indexed by slots: the head rows' logits, then the no-op logits. */
  readonly logits: number;
  readonly logitGradients: number;
  readonly clusterStateGradients: Rows;
  private readonly kernels: Kernels;
  private readonly shape: NetworkShape;
  private readonly layers: EntityLayers;
  private readonly tile: EntityTile;
  private readonly noOpSlot: number;
  private readonly embeddings: Rows;
  private readonly hidden: Rows;
  private readonly hiddenGradients: Rows;
  private readonly clusterPart: Rows;
  private readonly noOpHidden: Rows;
  private readonly noOpHiddenGradients: Rows;
  private readonly verbLogits: Rows;
  private readonly verbLogitGradients: Rows;
  private readonly noOpLogits: Rows;
  private readonly noOpLogitGradients: Rows;
  private headRows = 0;

  constructor(kernels: Kernels, shape: NetworkShape, layers: EntityLayers, tile: EntityTile) {
    this.kernels = kernels;
    this.shape = shape;
    this.layers = layers;
    this.tile = tile;
    const { rowsMax, samplesMax } = tile;
    this.embeddings = allocateRows(kernels, rowsMax, shape.embeddingUnits);
    this.hidden = allocateRows(kernels, rowsMax, shape.headUnits);
    this.hiddenGradients = allocateRows(kernels, rowsMax, shape.headUnits);
    this.clusterPart = allocateRows(kernels, samplesMax, shape.headUnits);
    this.noOpHidden = allocateRows(kernels, samplesMax, shape.headUnits);
    this.noOpHiddenGradients = allocateRows(kernels, samplesMax, shape.headUnits);
    this.clusterStateGradients = allocateRows(kernels, samplesMax, headStateSize(shape));
    const verbStride = roundUp(shape.verbs, 8) * WORD_BYTES;
    const noOpStride = 8 * WORD_BYTES;
    const noOpStart = roundUp(rowsMax, TILE_ROWS) * verbStride;
    const blockBytes = noOpStart + roundUp(samplesMax, TILE_ROWS) * noOpStride;
    this.noOpSlot = noOpStart / WORD_BYTES;
    this.logits = kernels.allocate(blockBytes);
    this.logitGradients = kernels.allocate(blockBytes);
    this.verbLogits = { address: this.logits, stride: verbStride };
    this.noOpLogits = { address: this.logits + noOpStart, stride: noOpStride };
    this.verbLogitGradients = { address: this.logitGradients, stride: verbStride };
    this.noOpLogitGradients = { address: this.logitGradients + noOpStart, stride: noOpStride };
  }

  /** Logits of all legal choices, from the embeddings and the complete cluster state. */
  forward(embeddings: Rows): void {
    const { kernels, layers, tile } = this;
    this.listChoices();
    const { headRows } = this;
    layers.headCluster.forward(tile.samples, tile.clusterState, this.clusterPart);
    const { lists } = tile;
    kernels.run.gatherRows(headRows, lists.headRows, embeddings.address, embeddings.stride, this.embeddings.address);
    const { address, stride } = this.clusterPart;
    kernels.run.repeatRows(tile.samples, lists.headCounts, address, stride, this.hidden.address);
    layers.headComponent.forward(headRows, this.embeddings, this.hidden, this.hidden);
    tanhRows(kernels, headRows, this.hidden);
    layers.headVerbs.forward(headRows, this.hidden, this.verbLogits);

    layers.noOpHidden.forward(tile.samples, tile.clusterState, this.noOpHidden);
    tanhRows(kernels, tile.samples, this.noOpHidden);
    layers.noOpOutput.forward(tile.samples, this.noOpHidden, this.noOpLogits);
  }

  /** Makes the gradients of logits 0, as the loss writes only those of legal choices. */
  clearLogitGradients(): void {
    const { bytes } = this.kernels;
    const verbs = this.verbLogitGradients;
    const noOp = this.noOpLogitGradients;
    bytes.fill(0, verbs.address, verbs.address + this.headRows * verbs.stride);
    bytes.fill(0, noOp.address, noOp.address + this.tile.samples * noOp.stride);
  }

  /** Adds the gradients of the head's parameters; leaves those of the cluster state, and of its embeddings. */
  backward(): void {
    const { kernels, layers, tile, headRows } = this;
    layers.headVerbs.addGradients(headRows, this.hidden, this.verbLogitGradients);
    layers.headVerbs.backward(headRows, this.verbLogitGradients, this.hiddenGradients);
    tanhRowsBackward(kernels, headRows, this.hiddenGradients, this.hidden);
    layers.headComponent.addGradients(headRows, this.embeddings, this.hiddenGradients);
    // The embeddings are not needed any more: their gradients take their place.
    layers.headComponent.backward(headRows, this.hiddenGradients, this.embeddings);

    const { address, stride } = this.hiddenGradients;
    kernels.run.sumRowGroups(tile.samples, tile.lists.headCounts, address, stride, this.clusterPart.address);
    layers.headCluster.addGradients(tile.samples, tile.clusterState, this.clusterPart);
    layers.headCluster.backward(tile.samples, this.clusterPart, this.clusterStateGradients);
    this.noOpBackward();
  }

  /** Adds the gradients of the head's embeddings to those of all components. */
  addEmbeddingGradients(gradients: Rows): void {
    const { address, stride } = this.embeddings;
    this.kernels.run.addGatheredRows(this.headRows, this.tile.lists.headRows, address, stride, gradients.address);
  }

  /** Writes the logits of the tile as dense rows of `choiceCount` floats. */
  spreadLogits(output: number, choiceCount: number): void {
    const { samples, lists } = this.tile;
    const { choiceCounts, choices, slots } = lists;
    this.kernels.run.spreadLogits(
      samples,
      choiceCounts,
      choices,
      slots,
      this.logits,
      output,
      choiceCount,
      MASKED_LOGIT,
    );
  }

  private noOpBackward(): void {
    const { kernels, layers, tile, clusterStateGradients } = this;
    layers.noOpOutput.addGradients(tile.samples, this.noOpHidden, this.noOpLogitGradients);
    layers.noOpOutput.backward(tile.samples, this.noOpLogitGradients, this.noOpHiddenGradients);
    tanhRowsBackward(kernels, tile.samples, this.noOpHiddenGradients, this.noOpHidden);
    layers.noOpHidden.addGradients(tile.samples, tile.clusterState, this.noOpHiddenGradients);
    layers.noOpHidden.backward(tile.samples, this.noOpHiddenGradients, clusterStateGradients, clusterStateGradients);
  }

  private listChoices(): void {
    const { tile } = this;
    const { choiceCounts, headCounts, choices, slots, headRows } = tile.lists;
    this.headRows = this.kernels.run.listChoices(
      tile.samples,
      tile.counts,
      this.shape.verbs,
      tile.mask,
      tile.maskStride,
      this.verbLogits.stride / WORD_BYTES,
      this.noOpSlot,
      choiceCounts,
      headCounts,
      choices,
      slots,
      headRows,
    );
    assert(this.headRows >= 0, 'every sample has a legal choice');
  }
}
