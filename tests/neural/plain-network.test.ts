/** The plain network against its definition, and the speed probes: they do real, repeatable work. */
import { describe, expect, it } from 'vitest';
import { entitySpeedProbe, PlainNetwork, plainSpeedProbe } from '../../src/neural/index.ts';
import { madeUpBatch, oddShape } from './made-up-batch.ts';
import { logSoftmax } from './reference-network.ts';

const shape = { inputs: 5, hiddenUnits: 9, choices: 4 };
const weights = PlainNetwork.initialWeights(shape, 3);
const source = madeUpBatch(oddShape, { rows: 70, componentsMax: 1 }, 4);
const batch = { ...source, inputs: source.components, weights: source.weights };
const loss = { clipRange: 0.2, valueClipRange: null, entropyWeight: 0.1, valueWeight: 0.5 };

function network(values: Float32Array): PlainNetwork {
  const created = new PlainNetwork(shape);
  created.setWeights(values);
  return created;
}

/** The loss from the network's own outputs; they are held against the definition separately. */
function lossOf(values: Float32Array): number {
  const out = { logits: new Float32Array(70 * 4), values: new Float32Array(70) };
  network(values).forward(batch, out);
  let total = 0;
  for (let row = 0; row < 70; row++) {
    const logProbabilities = logSoftmax([...out.logits.subarray(row * 4, row * 4 + 4)]);
    const advantage = batch.advantages[row]!;
    const ratio = Math.exp(logProbabilities[batch.choices[row]!]! - batch.oldLogProbabilities[row]!);
    let sample = -Math.min(ratio * advantage, Math.min(Math.max(ratio, 0.8), 1.2) * advantage);
    for (const logProbability of logProbabilities) sample += 0.1 * Math.exp(logProbability) * logProbability;
    sample += 0.5 * (out.values[row]! - batch.returns[row]!) ** 2;
    total += batch.weights[row]! * sample;
  }
  return total / 70;
}

describe('the plain network', () => {
  it('computes its layers in order', () => {
    const layer = (offset: number, columns: number, input: number[]) =>
      Array.from({ length: columns }, (_, column) =>
        input.reduce(
          (sum, value, index) => sum + value * weights[offset + index * columns + column]!,
          weights[offset + input.length * columns + column]!,
        ),
      );
    const out = { logits: new Float32Array(70 * 4), values: new Float32Array(70) };
    network(weights).forward(batch, out);
    const first = layer(0, 9, [...batch.inputs.subarray(345, 350)]).map(Math.tanh);
    const second = layer(54, 9, first).map(Math.tanh);
    const expected = layer(144, 5, second);
    const actual = [...out.logits.subarray(276, 280), out.values[69]!];
    for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 5);
  });

  it('has the gradient along which its loss changes', () => {
    const gradients = new Float32Array(weights.length);
    network(weights).gradients(batch, loss, 70, gradients);
    const length = Math.hypot(...gradients);
    const moved = (step: number) => weights.map((weight, index) => weight + (step * gradients[index]!) / length);
    expect((lossOf(moved(1e-2)) - lossOf(moved(-1e-2))) / 2e-2 / length).toBeCloseTo(1, 3);
  });
});

describe('speed probes', () => {
  it('learn: the loss on their fixed samples falls, the same way every time', () => {
    const probes = [
      () => plainSpeedProbe(new PlainNetwork({ inputs: 16, hiddenUnits: 8, choices: 4 }), 64),
      () => entitySpeedProbe(oddShape, { samples: 16, components: 4 }),
    ];
    for (const create of probes) {
      const probe = create();
      const losses = Array.from({ length: 40 }, () => probe.update().valueLoss);
      expect(losses[39]).toBeLessThan(0.95 * losses[0]!);
      const again = create();
      expect(Array.from({ length: 40 }, () => again.update().valueLoss)).toEqual(losses);
    }
  });
});
