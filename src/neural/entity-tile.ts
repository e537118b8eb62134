/** A tile: as many samples of a batch as the cache holds with all their activations, copied into kernel memory. */
import { assert, log } from '../base/index.ts';
import { batchRow, choicesPerRow, type NetworkShape, type ObservationBatch } from './backend.ts';
import type { Kernels } from './kernels.ts';
import { criticStateSize, headStateSize } from './parameter-table.ts';
import { allocateInputRows, allocateRows, type Rows, WORD_BYTES } from './rows.ts';
import { TileGraphs } from './tile-graphs.ts';
import { sequenceSize, TileMemories } from './tile-memories.ts';

/** Component rows of a tile: their activations take about 1.5 KB each and should stay in the second-level cache. */
const TILE_COMPONENTS = 128;
const TILE_SAMPLES = 64;

/** Lists of the legal choices of a tile: see assembly/choices.ts. Addresses of 32-bit integers. */
export interface ChoiceLists {
  readonly choiceCounts: number;
  readonly headCounts: number;
  readonly choices: number;
  readonly slots: number;
  readonly headRows: number;
}

/** What a tile has room for at least: one sequence of decisions that hand on their memory. */
export interface TileSize {
  readonly componentsMax: number;
  readonly sequenceMax: number;
}

/** The inputs of a tile. Rows of components follow each other without a gap, however many a sample has. */
export class EntityTile {
  readonly samplesMax: number;
  readonly componentsMax: number;
  /** Room for component rows. */
  readonly rowsMax: number;
  /** Of the tile that is loaded. */
  samples = 0;
  rows = 0;
  readonly counts: number;
  readonly components: Rows;
  /** [mean embedding, max embedding, cluster features, log(1 + components), memory]; all but features and log come later. */
  readonly clusterState: Rows;
  /** [mean features, max features, cluster features, critic features, log(1 + components)]; likewise. */
  readonly criticState: Rows;
  readonly mask: number;
  readonly maskStride: number;
  readonly lists: ChoiceLists;
  /** Only of networks with messages. */
  readonly graphs: TileGraphs | undefined;
  /** Only of networks with a memory. */
  readonly memories: TileMemories | undefined;
  private readonly kernels: Kernels;
  private readonly shape: NetworkShape;
  private readonly logCounts: Float32Array;

  constructor(kernels: Kernels, shape: NetworkShape, size: TileSize) {
    const { componentsMax, sequenceMax } = size;
    this.kernels = kernels;
    this.shape = shape;
    this.componentsMax = componentsMax;
    this.samplesMax = Math.max(TILE_SAMPLES, sequenceMax);
    this.rowsMax = Math.max(TILE_COMPONENTS, sequenceMax * componentsMax);
    this.maskStride = choicesPerRow(shape, componentsMax);
    const choicesMax = this.samplesMax + this.rowsMax * shape.verbs;
    this.counts = kernels.allocateWords(this.samplesMax);
    this.components = allocateInputRows(kernels, this.rowsMax, shape.componentFeatures);
    this.clusterState = allocateRows(kernels, this.samplesMax, headStateSize(shape));
    this.criticState = allocateRows(kernels, this.samplesMax, criticStateSize(shape));
    this.mask = kernels.allocate(this.samplesMax * this.maskStride);
    this.lists = {
      choiceCounts: kernels.allocateWords(this.samplesMax),
      headCounts: kernels.allocateWords(this.samplesMax),
      choices: kernels.allocateWords(choicesMax),
      slots: kernels.allocateWords(choicesMax),
      headRows: kernels.allocateWords(this.rowsMax),
    };
    this.graphs = shape.messages === true ? new TileGraphs(kernels, this.samplesMax) : undefined;
    const { memoryUnits = 0 } = shape;
    this.memories = memoryUnits > 0 ? new TileMemories(kernels, memoryUnits, this.samplesMax) : undefined;
    this.logCounts = Float32Array.from({ length: componentsMax + 1 }, (_, count) => log(1 + count));
  }

  /** Loads samples from position `start` of the batch on, as many as fit. */
  load(batch: ObservationBatch, start: number): void {
    assert(batch.componentsMax <= this.componentsMax, 'a batch has no more room than the backend it goes to');
    this.samples = 0;
    this.rows = 0;
    this.graphs?.clear();
    for (let position = start; position < batch.size && this.samples < this.samplesMax; position++) {
      const row = batchRow(batch, position);
      const count = batch.counts[row]!;
      assert(count >= 1 && count <= batch.componentsMax, 'a sample has 1 to componentsMax components');
      if (this.rows + count > this.rowsMax) return;
      if (this.memories !== undefined && !this.takesSequence(batch, position)) return;
      this.loadSample(batch, row, count);
      this.samples++;
      this.rows += count;
    }
  }

  private loadSample(batch: ObservationBatch, row: number, count: number): void {
    const { componentFeatures, clusterFeatures, criticFeatures, embeddingUnits } = this.shape;
    const { floats, integers, bytes } = this.kernels;
    integers[this.counts / WORD_BYTES + this.samples] = count;

    const componentStart = row * batch.componentsMax * componentFeatures;
    const components = batch.components.subarray(componentStart, componentStart + count * componentFeatures);
    floats.set(components, rowWord(this.components, this.rows));

    const cluster = batch.cluster.subarray(row * clusterFeatures, (row + 1) * clusterFeatures);
    const clusterWord = rowWord(this.clusterState, this.samples) + 2 * embeddingUnits;
    floats.set(cluster, clusterWord);
    floats[clusterWord + clusterFeatures] = this.logCounts[count]!;

    const criticWord = rowWord(this.criticState, this.samples) + 2 * componentFeatures;
    floats.set(cluster, criticWord);
    floats.set(batch.critic.subarray(row * criticFeatures, (row + 1) * criticFeatures), criticWord + clusterFeatures);
    floats[criticWord + clusterFeatures + criticFeatures] = this.logCounts[count]!;

    const maskStart = row * choicesPerRow(this.shape, batch.componentsMax);
    const mask = batch.mask.subarray(maskStart, maskStart + choicesPerRow(this.shape, count));
    bytes.set(mask, this.mask + this.samples * this.maskStride);
    if (this.graphs !== undefined) this.loadGraph(this.graphs, batch, row);
    this.memories?.set(this.samples, batch, row);
  }

  /** Whether the sequence at this position began in this tile, or can do so and end in it. */
  private takesSequence(batch: ObservationBatch, position: number): boolean {
    if ((batch.continues?.[batchRow(batch, position)] ?? 0) !== 0) return true;
    const { samples, rows } = sequenceSize(batch, position);
    assert(samples <= this.samplesMax && rows <= this.rowsMax, 'a sequence is no longer than its backend was made for');
    return this.samples + samples <= this.samplesMax && this.rows + rows <= this.rowsMax;
  }

  private loadGraph(graphs: TileGraphs, batch: ObservationBatch, row: number): void {
    const graph = batch.graphs?.[batch.graphOf?.[row] ?? 0];
    assert(graph !== undefined, 'a network with messages has to know who depends on whom');
    graphs.set(this.samples, graph, batch.counts[row]!);
  }
}

function rowWord(rows: Rows, index: number): number {
  return (rows.address + index * rows.stride) / WORD_BYTES;
}
