/** The neighbour lists of a tile's samples in kernel memory: see assembly/neighbours.ts. */
import { assert } from '../base/index.ts';
import type { ComponentGraph, NeighbourLists } from './component-graph.ts';
import type { Kernels } from './kernels.ts';
import { WORD_BYTES } from './rows.ts';

/** Tables are copied for each tile, as graphs come and go; a run of samples with the same graph shares one copy. */
export class TileGraphs {
  /** Per sample the address of its table of dependents, and of dependencies. */
  readonly dependents: number;
  readonly dependencies: number;
  private readonly kernels: Kernels;
  private previous: ComponentGraph | undefined;
  private table = 0;
  private capacity = 0;
  private used = 0;

  constructor(kernels: Kernels, samplesMax: number) {
    this.kernels = kernels;
    this.dependents = kernels.allocateWords(samplesMax);
    this.dependencies = kernels.allocateWords(samplesMax);
  }

  /** Begins a new tile. */
  clear(): void {
    this.previous = undefined;
    this.used = 0;
  }

  /** Notes the graph of a sample of `count` components. */
  set(sample: number, graph: ComponentGraph, count: number): void {
    const { dependents: above, dependencies: below } = graph;
    const fits = above.starts.length === count + 1 && below.starts.length === count + 1;
    assert(fits, 'a graph has the components of the samples it belongs to');
    const dependents = this.dependents / WORD_BYTES + sample;
    const dependencies = this.dependencies / WORD_BYTES + sample;
    if (graph === this.previous) {
      this.kernels.integers[dependents] = this.kernels.integers[dependents - 1]!;
      this.kernels.integers[dependencies] = this.kernels.integers[dependencies - 1]!;
      return;
    }
    this.previous = graph;
    const first = this.copy(graph.dependents);
    const second = this.copy(graph.dependencies);
    this.kernels.integers[dependents] = first;
    this.kernels.integers[dependencies] = second;
  }

  private copy({ starts, items }: NeighbourLists): number {
    const words = starts.length + items.length;
    if (this.used + words > this.capacity) this.grow(words);
    const word = this.table + this.used;
    this.kernels.integers.set(starts, word);
    this.kernels.integers.set(items, word + starts.length);
    this.used += words;
    return word * WORD_BYTES;
  }

  /** More room than ever before, elsewhere: samples that are noted already keep theirs. */
  private grow(words: number): void {
    this.capacity = 2 * (this.capacity + words);
    this.table = this.kernels.allocateWords(this.capacity) / WORD_BYTES;
    this.used = 0;
  }
}
