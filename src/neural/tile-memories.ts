/** What is remembered before each decision of a tile, and which samples take it from the one before them. */
import { assert } from '../base/index.ts';
import type { ObservationBatch } from './backend.ts';
import { batchRow } from './backend.ts';
import type { Kernels } from './kernels.ts';
import { allocateRows, type Rows, TILE_ROWS, WORD_BYTES } from './rows.ts';

/** Memories of a tile's samples; a sequence of decisions that hand them on lies in one tile as a whole. */
export class TileMemories {
  readonly units: number;
  readonly before: Rows;
  readonly continues: Uint8Array;
  private readonly kernels: Kernels;

  constructor(kernels: Kernels, units: number, samplesMax: number) {
    this.kernels = kernels;
    this.units = units;
    // The cell goes through the rows one by one, and products read and write rows in fours.
    this.before = allocateRows(kernels, samplesMax + TILE_ROWS, units);
    this.continues = new Uint8Array(samplesMax);
  }

  /** Notes the memory of a sample from row `row` of the batch. */
  set(sample: number, batch: ObservationBatch, row: number): void {
    const { units, before, kernels } = this;
    this.continues[sample] = batch.continues?.[row] ?? 0;
    assert(sample > 0 || this.continues[sample] === 0, 'the first of a batch has nobody to take a memory from');
    const word = (before.address + sample * before.stride) / WORD_BYTES;
    if (batch.memories === undefined) kernels.floats.fill(0, word, word + units);
    else kernels.floats.set(batch.memories.subarray(row * units, (row + 1) * units), word);
  }
}

/** Samples and component rows of the sequence that begins at a position of the batch. */
export function sequenceSize(batch: ObservationBatch, position: number): { samples: number; rows: number } {
  const size = { samples: 0, rows: 0 };
  for (let at = position; at < batch.size; at++) {
    const row = batchRow(batch, at);
    if (at > position && (batch.continues?.[row] ?? 0) === 0) break;
    size.samples++;
    size.rows += batch.counts[row]!;
  }
  return size;
}
