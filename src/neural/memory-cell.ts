/** The actor's memory: a gated recurrent unit over the cluster state, from decision to decision. See assembly/memory.ts. */

import type { NetworkShape } from './backend.ts';
import type { MemoryLayers } from './entity-layers.ts';
import type { EntityTile } from './entity-tile.ts';
import type { Kernels } from './kernels.ts';
import { clusterStateSize } from './parameter-table.ts';
import { allocateRows, type Rows, TILE_ROWS, WORD_BYTES } from './rows.ts';
import type { TileMemories } from './tile-memories.ts';

/** One row per sample and kind. */
interface CellRows {
  readonly keep: Rows;
  readonly reset: Rows;
  readonly fresh: Rows;
}

/** Reads the memories before, and writes those after behind the cluster state; gradients flow back through sequences. */
export class MemoryCell {
  /** The memories after the decisions. */
  readonly after: Rows;
  private readonly kernels: Kernels;
  private readonly layers: MemoryLayers;
  private readonly tile: EntityTile;
  private readonly memories: TileMemories;
  /** Column of the cluster state at which the memory begins. */
  private readonly column: number;
  private readonly gates: CellRows;
  /** What comes from the memory before: into both gates, and recalled into the fresh memory. */
  private readonly recalled: CellRows;
  private readonly afterGradients: Rows;
  private readonly gateGradients: CellRows;
  private readonly recalledGradients: Rows;
  /** Gradients of one sample's memory before: past the gates only, and complete. */
  private readonly directGradients: Rows;
  private readonly beforeGradients: Rows;

  constructor(
    kernels: Kernels,
    shape: NetworkShape,
    layers: MemoryLayers,
    { tile, memories }: { tile: EntityTile; memories: TileMemories },
  ) {
    const rows = (): Rows => allocateRows(kernels, tile.samplesMax + TILE_ROWS, memories.units);
    const cellRows = (): CellRows => ({ keep: rows(), reset: rows(), fresh: rows() });
    this.kernels = kernels;
    this.layers = layers;
    this.tile = tile;
    this.memories = memories;
    this.column = clusterStateSize(shape);
    this.after = rows();
    this.gates = cellRows();
    this.recalled = cellRows();
    this.afterGradients = rows();
    this.gateGradients = cellRows();
    this.recalledGradients = rows();
    this.directGradients = allocateRows(kernels, TILE_ROWS, memories.units);
    this.beforeGradients = allocateRows(kernels, TILE_ROWS, memories.units);
  }

  forward(): void {
    const { layers, tile, gates, memories } = this;
    layers.keepState.forward(tile.samples, tile.clusterState, gates.keep);
    layers.resetState.forward(tile.samples, tile.clusterState, gates.reset);
    layers.freshState.forward(tile.samples, tile.clusterState, gates.fresh);
    for (let start = 0; start < tile.samples; ) {
      let end = start + 1;
      while (end < tile.samples && memories.continues[end] === 0) end++;
      this.update(start, end - start);
      start = end;
    }
    for (let sample = 0; sample < tile.samples; sample++) {
      this.copy(rowAt(this.after, sample), this.memoryAt(tile.clusterState, sample));
    }
  }

  /** Adds the gradients of the cell's parameters; adds what goes back through it to those of the cluster states. */
  backward(clusterStateGradients: Rows): void {
    const { layers, tile, memories, gateGradients, recalledGradients } = this;
    const { samples } = tile;
    for (let sample = samples - 1; sample >= 0; sample--) this.updateBackward(sample, clusterStateGradients);
    layers.keepMemory.addGradients(samples, memories.before, gateGradients.keep);
    layers.resetMemory.addGradients(samples, memories.before, gateGradients.reset);
    layers.recall.addGradients(samples, memories.before, recalledGradients);
    for (const [layer, gradients] of [
      [layers.keepState, gateGradients.keep],
      [layers.resetState, gateGradients.reset],
      [layers.freshState, gateGradients.fresh],
    ] as const) {
      layer.addGradients(samples, tile.clusterState, gradients);
      layer.backward(samples, gradients, clusterStateGradients, clusterStateGradients);
    }
  }

  /** `count` samples of which only the first may go on from the one before. */
  private update(start: number, count: number): void {
    const { kernels, layers, memories, gates, recalled, after } = this;
    if (memories.continues[start] !== 0) this.copy(rowAt(after, start - 1), rowAt(memories.before, start).address);
    const before = rowAt(memories.before, start);
    layers.keepMemory.forward(count, before, rowAt(recalled.keep, start));
    layers.resetMemory.forward(count, before, rowAt(recalled.reset, start));
    layers.recall.forward(count, before, rowAt(recalled.fresh, start));
    kernels.run.updateMemory(
      (count * after.stride) / WORD_BYTES,
      rowAt(gates.keep, start).address,
      rowAt(gates.reset, start).address,
      rowAt(gates.fresh, start).address,
      rowAt(recalled.keep, start).address,
      rowAt(recalled.reset, start).address,
      rowAt(recalled.fresh, start).address,
      before.address,
      rowAt(after, start).address,
    );
  }

  private updateBackward(sample: number, clusterStateGradients: Rows): void {
    const { kernels, layers, tile, memories, gates, recalled, gateGradients, recalledGradients } = this;
    const { afterGradients, directGradients, beforeGradients } = this;
    const own = rowAt(afterGradients, sample).address;
    const fromHeads = { address: this.memoryAt(clusterStateGradients, sample), stride: 0 };
    this.copy(fromHeads, own);
    if (sample + 1 < tile.samples && memories.continues[sample + 1] !== 0) this.add(beforeGradients, own);
    kernels.run.updateMemoryBackward(
      afterGradients.stride / WORD_BYTES,
      rowAt(gates.keep, sample).address,
      rowAt(gates.reset, sample).address,
      rowAt(gates.fresh, sample).address,
      rowAt(recalled.fresh, sample).address,
      rowAt(memories.before, sample).address,
      own,
      rowAt(gateGradients.keep, sample).address,
      rowAt(gateGradients.reset, sample).address,
      rowAt(gateGradients.fresh, sample).address,
      rowAt(recalledGradients, sample).address,
      directGradients.address,
    );
    if (memories.continues[sample] === 0) return;
    layers.keepMemory.backward(1, rowAt(gateGradients.keep, sample), beforeGradients, directGradients);
    layers.resetMemory.backward(1, rowAt(gateGradients.reset, sample), beforeGradients, beforeGradients);
    layers.recall.backward(1, rowAt(recalledGradients, sample), beforeGradients, beforeGradients);
  }

  private memoryAt(states: Rows, sample: number): number {
    return states.address + sample * states.stride + this.column * WORD_BYTES;
  }

  private copy(source: Rows, target: number): void {
    const { bytes } = this.kernels;
    bytes.copyWithin(target, source.address, source.address + this.memories.units * WORD_BYTES);
  }

  private add(source: Rows, target: number): void {
    const { floats } = this.kernels;
    const from = source.address / WORD_BYTES;
    const to = target / WORD_BYTES;
    for (let unit = 0; unit < this.memories.units; unit++) floats[to + unit]! += floats[from + unit]!;
  }
}

function rowAt({ address, stride }: Rows, index: number): Rows {
  return { address: address + index * stride, stride };
}
