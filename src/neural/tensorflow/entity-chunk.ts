/** Chunks of a batch for TensorFlow.js: samples padded to the same number of components, as many as memory is kind to. */
import { assert, log } from '../../base/index.ts';
import { batchRow, choicesPerRow, type NetworkShape, type ObservationBatch } from '../backend.ts';
import { type ChunkMemory, chunkMemory } from './memory-graph.ts';
import { type ChunkGraph, chunkGraph } from './padded-lists.ts';

/** Component rows of a chunk, unless a single sample has more; each takes about 3 KB with its gradients. */
const CHUNK_ROWS = 8192;

/** Some samples of a batch, in arrays of their own. */
export interface EntityChunk {
  /** Position in the batch of the first. */
  readonly start: number;
  readonly samples: number;
  /** The most that a sample of the chunk has; the others are padded to it. */
  readonly components: number;
  /** samples x components x componentFeatures, 0 where there is no component. */
  readonly features: Float32Array;
  /** Components of each sample. */
  readonly counts: Float32Array;
  /** samples x (clusterFeatures + 1): cluster features, log(1 + components). */
  readonly cluster: Float32Array;
  /** samples x (clusterFeatures + criticFeatures + 1): cluster features, critic features, log(1 + components). */
  readonly critic: Float32Array;
  /** samples x (1 + components x verbs): 1 is legal. */
  readonly mask: Uint8Array;
  /** Of a network with messages. */
  readonly graph: ChunkGraph | undefined;
  /** Of a network with a memory. */
  readonly memory: ChunkMemory | undefined;
}

/** What a batch may hold at most. */
export interface ChunkLimits {
  readonly componentsMax: number;
  readonly sequenceMax: number;
}

/** The batch in chunks, one after the other. */
export function* chunksOf(
  batch: ObservationBatch,
  shape: NetworkShape,
  { componentsMax, sequenceMax }: ChunkLimits,
): Generator<EntityChunk, void> {
  assert(batch.componentsMax <= componentsMax, 'a batch has no more room than the backend it goes to');
  for (let start = 0; start < batch.size; ) {
    const size = { start, ...chunkSize(batch, shape, start) };
    yield fillChunk(batch, shape, { ...size, sequenceMax });
    start += size.samples;
  }
}

/** Sequences of decisions that hand on a memory stay whole. */
function chunkSize(
  batch: ObservationBatch,
  shape: NetworkShape,
  start: number,
): Pick<EntityChunk, 'samples' | 'components'> {
  let samples = 0;
  let components = 0;
  for (let position = start; position < batch.size; position++) {
    const row = batchRow(batch, position);
    const count = batch.counts[row]!;
    const goesOn = shape.memoryUnits !== undefined && (batch.continues?.[row] ?? 0) !== 0;
    assert(count >= 1 && count <= batch.componentsMax, 'a sample has 1 to componentsMax components');
    const wider = Math.max(components, count);
    if (samples > 0 && !goesOn && (samples + 1) * wider > CHUNK_ROWS) break;
    components = wider;
    samples++;
  }
  return { samples, components };
}

function fillChunk(
  batch: ObservationBatch,
  shape: NetworkShape,
  size: Pick<EntityChunk, 'start' | 'samples' | 'components'> & { readonly sequenceMax: number },
): EntityChunk {
  const { start, samples, components, sequenceMax } = size;
  const { componentFeatures, clusterFeatures, criticFeatures } = shape;
  const chunk: EntityChunk = {
    start,
    samples,
    components,
    features: new Float32Array(samples * components * componentFeatures),
    counts: new Float32Array(samples),
    cluster: new Float32Array(samples * (clusterFeatures + 1)),
    critic: new Float32Array(samples * (clusterFeatures + criticFeatures + 1)),
    mask: new Uint8Array(samples * choicesPerRow(shape, components)),
    graph: shape.messages === true ? chunkGraph(batch, size) : undefined,
    memory: chunkMemory(batch, { start, samples, units: shape.memoryUnits ?? 0, sequenceMax }),
  };
  for (let sample = 0; sample < samples; sample++) fillSample(chunk, sample, batch, shape);
  return chunk;
}

function fillSample(chunk: EntityChunk, sample: number, batch: ObservationBatch, shape: NetworkShape): void {
  const row = batchRow(batch, chunk.start + sample);
  const count = batch.counts[row]!;
  const { componentFeatures, clusterFeatures, criticFeatures } = shape;
  chunk.counts[sample] = count;

  const first = row * batch.componentsMax * componentFeatures;
  const features = batch.components.subarray(first, first + count * componentFeatures);
  chunk.features.set(features, sample * chunk.components * componentFeatures);

  const cluster = batch.cluster.subarray(row * clusterFeatures, (row + 1) * clusterFeatures);
  const critic = batch.critic.subarray(row * criticFeatures, (row + 1) * criticFeatures);
  const size = Math.fround(log(1 + count));
  chunk.cluster.set([...cluster, size], sample * (clusterFeatures + 1));
  chunk.critic.set([...cluster, ...critic, size], sample * (clusterFeatures + criticFeatures + 1));

  const legal = sample * choicesPerRow(shape, chunk.components);
  const mask = row * choicesPerRow(shape, batch.componentsMax);
  let choices = 0;
  for (let choice = 0; choice < choicesPerRow(shape, count); choice++) {
    if (batch.mask[mask + choice] === 0) continue;
    chunk.mask[legal + choice] = 1;
    choices++;
  }
  assert(choices > 0, 'every sample has a legal choice');
}
