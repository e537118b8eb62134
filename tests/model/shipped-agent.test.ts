/** The shipped order agent as it is exported: both formats against our own network, on observations of real episodes. */

import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Observation } from '../../src/contract/index.ts';
import { contestSpecs, createEnvironment } from '../../src/environment/index.ts';
import { type GoldenVector, orderModelFiles, readAgent } from '../../src/model/index.ts';
import { choicesPerRow, MASKED_LOGIT } from '../../src/neural/index.ts';
import { createNeuralPolicy, findPolicy } from '../../src/policies/index.ts';
import { readScenario, type Scenario } from '../../src/scenario/index.ts';
import { smallScenario } from '../support/small-scenario.ts';
import { loadModel, logitError, predict } from './layers-model.ts';
import { type Observations, ownLogits } from './observations.ts';

ort.env.wasm.numThreads = 1;

const { agent, card } = readAgent('agents/online-boutique-order');
const files = orderModelFiles(agent, { spec: contestSpecs().order, training: card.training, codeVersion: 'test' });
const shop = readScenario('scenarios/online-boutique.yaml');
const [onShop, onSmall] = [played(shop, 900), played(smallScenario(), 100)];
let session: ort.InferenceSession;
let layers: Awaited<ReturnType<typeof loadModel>>;

beforeAll(async () => {
  session = await ort.InferenceSession.create(files['model.onnx'] as Uint8Array);
  layers = await loadModel(String(files['model.json']), (path) => files[path] as Uint8Array);
});

/** What order is shown at `size` moments of episodes in which the agent itself repairs what the monkey breaks. */
function played(scenario: Scenario, size: number): Observations {
  const environment = createEnvironment(scenario, { engine: 'flow' });
  const { topology, specs } = environment;
  const chaos = findPolicy('monkey')!.make({});
  const order = createNeuralPolicy(agent);
  const seen: Observation[] = [];
  for (let seed = 1; seen.length < size; seed += 1) {
    let { observations } = environment.reset({ seed });
    chaos.reset({ role: 'chaos', topology, spec: specs.chaos, seed });
    order.reset({ role: 'order', topology, spec: specs.order, seed });
    while (environment.running && seen.length < size) {
      const { components, cluster, mask } = observations.order!;
      seen.push({
        components: components.slice(),
        cluster: cluster.slice(),
        critic: new Float32Array(),
        mask: mask.slice(),
      });
      ({ observations } = environment.step({
        chaos: chaos.act(observations.chaos!),
        order: order.act(observations.order!),
      }));
    }
  }
  return {
    size,
    count: topology.components.length,
    components: Float32Array.from(seen.flatMap(({ components }) => [...components])),
    cluster: Float32Array.from(seen.flatMap(({ cluster }) => [...cluster])),
    mask: Uint8Array.from(seen.flatMap(({ mask }) => [...mask])),
  };
}

async function run({ size, count, components, cluster, mask }: Observations) {
  const { logits, probabilities, choice } = await session.run({
    components: new ort.Tensor('float32', components, [size, count, agent.shape.componentFeatures]),
    cluster: new ort.Tensor('float32', cluster, [size, agent.shape.clusterFeatures]),
    mask: new ort.Tensor('float32', Float32Array.from(mask), [size, choicesPerRow(agent.shape, count)]),
  });
  return {
    logits: logits?.data as Float32Array,
    probabilities: probabilities?.data as Float32Array,
    choices: Array.from(choice?.data as BigInt64Array, Number),
  };
}

describe('a thousand observations of episodes on clusters of two sizes', () => {
  test('give the same logits in onnxruntime, in TensorFlow.js and in our own network', async () => {
    expect(onShop.count).not.toBe(onSmall.count);
    for (const batch of [onShop, onSmall]) {
      const own = ownLogits(agent, batch);
      expect(logitError((await run(batch)).logits, own), `onnx, ${batch.count} components`).toBeLessThan(1e-5);
      expect(logitError(predict(layers, batch), own), `layers, ${batch.count} components`).toBeLessThan(1e-5);
    }
  });

  test('never give a chance to what is not legal, in any of the three', async () => {
    for (const batch of [onShop, onSmall]) {
      const { logits, probabilities, choices } = await run(batch);
      const width = choicesPerRow(agent.shape, batch.count);
      const illegal = [...batch.mask.keys()].filter((index) => batch.mask[index] === 0);
      expect(illegal.length).toBeGreaterThan(0);
      for (const all of [logits, predict(layers, batch), ownLogits(agent, batch)]) {
        expect(illegal.filter((index) => all[index] !== MASKED_LOGIT)).toEqual([]);
      }
      expect(illegal.filter((index) => probabilities[index] !== 0)).toEqual([]);
      expect(choices.filter((choice, row) => batch.mask[row * width + choice] !== 1)).toEqual([]);
    }
  });
});

test('its golden vectors come out of both formats', async () => {
  const { vectors } = JSON.parse(String(files['golden.json'])) as { vectors: GoldenVector[] };
  expect(vectors.length).toBeGreaterThan(0);
  for (const { components, cluster, mask, logits, best } of vectors) {
    const batch = {
      size: 1,
      count: components.length,
      components: Float32Array.from(components.flat()),
      cluster: Float32Array.from(cluster),
      mask: Uint8Array.from(mask),
    };
    const onnx = await run(batch);
    expect(logitError(onnx.logits, logits)).toBeLessThan(1e-5);
    expect(onnx.choices).toEqual([best]);
    expect(logitError(predict(layers, batch), logits)).toBeLessThan(1e-5);
  }
});
