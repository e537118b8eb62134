/** The entity network and the PPO loss written down plainly in double precision: what the kernels are held against. */
import {
  batchRow,
  type ComponentGraph,
  choicesPerRow,
  type NeighbourLists,
  type NetworkShape,
  type ObservationBatch,
  type ParameterGroup,
  type PpoBatch,
  type PpoLossSettings,
  parameterGroup,
  parameterTable,
} from '../../src/neural/index.ts';

/** Logits of all choices (illegal ones too, as the mask is the loss's business) and the value of one sample. */
export function referenceForward(
  shape: NetworkShape,
  weights: Float64Array,
  batch: ObservationBatch,
  position: number,
): { logits: number[]; value: number; memory: number[] } {
  const row = batchRow(batch, position);
  const count = batch.counts[row]!;
  const layer = denseLayers(shape, weights);
  const x = Array.from({ length: count }, (_, component) =>
    rowOf(batch.components, row * batch.componentsMax + component, shape.componentFeatures),
  );
  const cluster = rowOf(batch.cluster, row, shape.clusterFeatures);
  const critic = rowOf(batch.critic, row, shape.criticFeatures);
  const size = Math.log(1 + count);

  const encoded = x.map((features) => tanh(layer('encoder.second', tanh(layer('encoder.first', features)))));
  const embeddings =
    shape.messages === true
      ? heard(encoded, batch.graphs![batch.graphOf?.[row] ?? 0]!).map((all) => tanh(layer('message', all)))
      : encoded;
  const clusterState = [...mean(embeddings), ...max(embeddings), ...cluster, size];
  const { memoryUnits = 0 } = shape;
  const memory = memoryUnits === 0 ? [] : cell(layer, clusterState, memoryBefore(shape, weights, batch, position));
  const state = [...clusterState, ...memory];
  const logits = layer('noop.output', tanh(layer('noop.hidden', state)));
  for (const embedding of embeddings) {
    logits.push(...layer('head.verbs', tanh(layer('head.hidden', [...embedding, ...state]))));
  }
  const criticState = [...mean(x), ...max(x), ...cluster, ...critic, size];
  const hidden = tanh(layer('value.second', tanh(layer('value.first', criticState))));
  return { logits, value: layer('value.output', hidden)[0]!, memory };
}

function memoryBefore(
  shape: NetworkShape,
  weights: Float64Array,
  batch: ObservationBatch,
  position: number,
): readonly number[] {
  const row = batchRow(batch, position);
  const { memoryUnits = 0 } = shape;
  if ((batch.continues?.[row] ?? 0) !== 0) return referenceForward(shape, weights, batch, position - 1).memory;
  return batch.memories === undefined
    ? new Array<number>(memoryUnits).fill(0)
    : rowOf(batch.memories, row, memoryUnits);
}

/** The gated recurrent unit: the memory after a decision. */
function cell(layer: ReturnType<typeof denseLayers>, state: readonly number[], before: readonly number[]): number[] {
  const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
  const keep = layer('memory.keep', [...state, ...before]).map((value) => sigmoid(value + 2));
  const reset = layer('memory.reset', [...state, ...before]).map(sigmoid);
  const recalled = layer('memory.recall', before);
  const fresh = layer('memory.fresh', state).map((value, unit) => Math.tanh(value + reset[unit]! * recalled[unit]!));
  return before.map((value, unit) => keep[unit]! * value + (1 - keep[unit]!) * fresh[unit]!);
}

/** What each component's message layer takes in. */
function heard(own: readonly number[][], { dependents, dependencies }: ComponentGraph): number[][] {
  const pooled = ({ starts, items }: NeighbourLists, component: number): number[] => {
    const rows = [...items.subarray(starts[component], starts[component + 1])].map((other) => own[other]!);
    return rows.length === 0 ? own[0]!.flatMap(() => [0, 0]) : [...mean(rows), ...max(rows)];
  };
  return own.map((embedding, component) => [
    ...embedding,
    ...pooled(dependents, component),
    ...pooled(dependencies, component),
  ]);
}

/** The loss that `gradients` differentiates, and its parts: (sum over samples) / divisor. */
export function referenceLoss(
  shape: NetworkShape,
  weights: Float64Array,
  batch: PpoBatch,
  settings: PpoLossSettings,
  divisor: number,
): number {
  let total = 0;
  for (let position = 0; position < batch.size; position++) {
    total += sampleLoss(shape, weights, batch, settings, position);
  }
  return total / divisor;
}

function sampleLoss(
  shape: NetworkShape,
  weights: Float64Array,
  batch: PpoBatch,
  settings: PpoLossSettings,
  position: number,
): number {
  const row = batchRow(batch, position);
  const { logits, value } = referenceForward(shape, weights, batch, position);
  const choices = choicesPerRow(shape, batch.componentsMax);
  const legal = logits.map((_, choice) => choice).filter((choice) => batch.mask[row * choices + choice] !== 0);
  const logProbabilities = logSoftmax(legal.map((choice) => logits[choice]!));

  const chosen = logProbabilities[legal.indexOf(batch.choices[row]!)]!;
  const ratio = Math.exp(chosen - batch.oldLogProbabilities[row]!);
  const limited = Math.min(Math.max(ratio, 1 - settings.clipRange), 1 + settings.clipRange);
  const advantage = batch.advantages[row]!;
  let loss = -Math.min(ratio * advantage, limited * advantage);

  for (const logProbability of logProbabilities) {
    loss += settings.entropyWeight * Math.exp(logProbability) * logProbability;
  }
  loss += settings.valueWeight * valueLoss(value, batch.oldValues[row]!, batch.returns[row]!, settings.valueClipRange);
  if (batch.referenceLogits !== undefined) {
    const reference = logSoftmax(legal.map((choice) => batch.referenceLogits![row * choices + choice]!));
    for (const [index, logProbability] of reference.entries()) {
      const distance = Math.exp(logProbability) * (logProbability - logProbabilities[index]!);
      loss += (settings.referenceWeight ?? 0) * distance;
    }
  }
  loss -= (settings.imitationWeight ?? 0) * chosen;
  return loss * (batch.weights?.[row] ?? 1);
}

function valueLoss(value: number, oldValue: number, returns: number, range: number | null): number {
  const plain = (value - returns) ** 2;
  if (range === null) return plain;
  const limited = oldValue + Math.min(Math.max(value - oldValue, -range), range);
  return Math.max(plain, (limited - returns) ** 2);
}

export function logSoftmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const logSum = largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  return logits.map((logit) => logit - logSum);
}

const layerPlaces = new WeakMap<NetworkShape, Map<string, { matrix: ParameterGroup; bias: ParameterGroup }>>();

/** Looked up once per shape, as differences take thousands of forward passes. */
function placesOf(shape: NetworkShape): Map<string, { matrix: ParameterGroup; bias: ParameterGroup }> {
  let places = layerPlaces.get(shape);
  if (places === undefined) {
    const table = parameterTable(shape);
    const names = table.filter(({ rows }) => rows > 1).map(({ name }) => name.replace('.weights', ''));
    places = new Map(
      names.map((name) => {
        return [
          name,
          { matrix: parameterGroup(table, `${name}.weights`), bias: parameterGroup(table, `${name}.bias`) },
        ];
      }),
    );
    layerPlaces.set(shape, places);
  }
  return places;
}

function denseLayers(shape: NetworkShape, weights: Float64Array): (name: string, input: readonly number[]) => number[] {
  const places = placesOf(shape);
  return (name, input) => {
    const { matrix, bias } = places.get(name)!;
    const outputs: number[] = [];
    for (let column = 0; column < matrix.columns; column++) {
      let sum = weights[bias.offset + column]!;
      let at = matrix.offset + column;
      for (let index = 0; index < input.length; index++) {
        sum += input[index]! * weights[at]!;
        at += matrix.columns;
      }
      outputs.push(sum);
    }
    return outputs;
  };
}

function rowOf(table: Float32Array, row: number, columns: number): number[] {
  return [...table.subarray(row * columns, (row + 1) * columns)];
}

function tanh(values: readonly number[]): number[] {
  return values.map((value) => Math.tanh(value));
}

function mean(rows: readonly number[][]): number[] {
  return rows[0]!.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length);
}

function max(rows: readonly number[][]): number[] {
  return rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!)));
}
