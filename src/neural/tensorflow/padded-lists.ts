/** Neighbours of the components of a chunk as lists of equal length, and the same seen from those who are neighbours. */
import { assert } from '../../base/index.ts';
import { batchRow, type ObservationBatch } from '../backend.ts';
import type { ComponentGraph, NeighbourLists } from '../component-graph.ts';

/** One list of rows for each row of a table; lists shorter than the longest end in entries that mean nothing. */
export interface PaddedLists {
  /** Entries of a list. */
  readonly length: number;
  /** Rows x length: where an entry points. */
  readonly entries: Int32Array;
  /** Rows: how many entries of a list mean something. */
  readonly counts: Int32Array;
}

/** Whom a component hears, as rows of the chunk's table, and at which entries of those lists a row is heard. */
export interface NeighbourEntries {
  readonly heard: PaddedLists;
  readonly hearers: PaddedLists;
}

/** Both directions of the dependencies in a chunk whose samples begin every `components` rows. */
export interface ChunkGraph {
  readonly dependents: NeighbourEntries;
  readonly dependencies: NeighbourEntries;
}

/** The graph of some samples of a batch, in one table of rows. */
export function chunkGraph(
  batch: ObservationBatch,
  { start, samples, components }: { readonly start: number; readonly samples: number; readonly components: number },
): ChunkGraph {
  const graphs = Array.from({ length: samples }, (_, sample) => graphOfRow(batch, batchRow(batch, start + sample)));
  const entries = (lists: (graph: ComponentGraph) => NeighbourLists): NeighbourEntries => {
    return neighbourEntries(graphs.map(lists), components);
  };
  return { dependents: entries((graph) => graph.dependents), dependencies: entries((graph) => graph.dependencies) };
}

function graphOfRow(batch: ObservationBatch, row: number): ComponentGraph {
  const graph = batch.graphs?.[batch.graphOf?.[row] ?? 0];
  assert(graph !== undefined, 'samples of a network with messages say who depends on whom');
  const rows = batch.counts[row]! + 1;
  const fits = graph.dependents.starts.length === rows && graph.dependencies.starts.length === rows;
  assert(fits, 'a graph has the components of the samples it belongs to');
  return graph;
}

function neighbourEntries(samples: readonly NeighbourLists[], components: number): NeighbourEntries {
  const lists: number[][] = Array.from({ length: samples.length * components }, () => []);
  for (const [sample, { starts, items }] of samples.entries()) {
    const first = sample * components;
    for (let component = 0; component + 1 < starts.length; component++) {
      const own = items.subarray(starts[component], starts[component + 1]);
      lists[first + component] = Array.from(own, (other) => first + other);
    }
  }
  const heard = pad(lists);
  const uses: number[][] = lists.map(() => []);
  for (const [row, list] of lists.entries()) {
    for (const [at, other] of list.entries()) uses[other]!.push(row * heard.length + at);
  }
  return { heard, hearers: pad(uses) };
}

function pad(lists: readonly (readonly number[])[]): PaddedLists {
  const length = Math.max(1, ...lists.map((list) => list.length));
  const entries = new Int32Array(lists.length * length);
  for (const [row, list] of lists.entries()) entries.set(list, row * length);
  return { length, entries, counts: Int32Array.from(lists, (list) => list.length) };
}
