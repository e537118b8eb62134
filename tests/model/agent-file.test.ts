/** Agents on disk: written, read, damaged. */
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { averageAgents, readAgent, writeAgent } from '../../src/model/index.ts';
import { initialWeights, type NetworkShape } from '../../src/neural/index.ts';
import type { NeuralAgent } from '../../src/policies/index.ts';

const shape: NetworkShape = {
  componentFeatures: 3,
  clusterFeatures: 2,
  criticFeatures: 1,
  verbs: 2,
  encoderUnits: 8,
  embeddingUnits: 4,
  headUnits: 8,
  valueUnits: 4,
};

const agent: NeuralAgent = {
  name: 'tested',
  role: 'order',
  shape,
  weights: initialWeights(shape, 1),
  scaling: {
    components: { means: Float32Array.of(0.1, 0.2, 0.3), factors: Float32Array.of(1, 2, 3) },
    cluster: { means: Float32Array.of(1 / 3, 0), factors: Float32Array.of(1, 1) },
    critic: { means: Float32Array.of(0), factors: Float32Array.of(1) },
  },
  observationHash: '0123456789abcdef',
  actionHash: 'fedcba9876543210',
  acts: 'best',
};

function written(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'agent-')), 'order');
  writeAgent(folder, agent, { training: { steps: 7 } });
  return folder;
}

function changeCard(folder: string, change: object): void {
  const file = join(folder, 'card.json');
  const card = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...card, ...change }));
}

describe('an agent folder', () => {
  test('gives back the same agent, to the last bit', () => {
    const read = readAgent(written());
    expect(read.agent).toEqual(agent);
    expect(read.card.training).toEqual({ steps: 7 });
  });

  test('tells in its card which optional parts the network has, and only those', () => {
    const plain = readAgent(written());
    expect(Object.keys(plain.card.network)).toEqual(Object.keys(shape));
    const heard = { ...shape, messages: true, memoryUnits: 5 };
    const folder = written();
    writeAgent(folder, { ...agent, shape: heard, weights: initialWeights(heard, 1) }, { training: {} });
    expect(readAgent(folder).agent.shape).toEqual(heard);
    changeCard(folder, { network: shape });
    expect(() => readAgent(folder)).toThrow(expect.objectContaining({ code: 'AGENT_INVALID' }));
  });

  test('without a card is no agent', () => {
    expect(() => readAgent(tmpdir())).toThrow(expect.objectContaining({ code: 'AGENT_UNKNOWN' }));
  });

  test('whose weights are cut short is refused', () => {
    const folder = written();
    truncateSync(join(folder, 'weights.bin'), 100);
    expect(() => readAgent(folder)).toThrow(
      expect.objectContaining({ code: 'AGENT_INVALID', place: { file: join(folder, 'weights.bin') } }),
    );
  });

  test('with the weights of another agent is refused', () => {
    const folder = written();
    writeAgent(`${folder}-other`, { ...agent, weights: initialWeights(shape, 2) }, { training: {} });
    writeFileSync(join(folder, 'weights.bin'), readFileSync(join(`${folder}-other`, 'weights.bin')));
    expect(() => readAgent(folder)).toThrow(expect.objectContaining({ code: 'AGENT_INVALID' }));
  });

  test.each([
    [{ network: { ...shape, verbs: 3 } }, 'weights has not'],
    [{ acts: 'wisely' }, 'acts'],
    [{ weights: { file: '../weights.bin', hash: '' } }, 'weights.file'],
  ])('whose card says %j is refused', (change, reason) => {
    const folder = written();
    changeCard(folder, change);
    expect(() => readAgent(folder)).toThrow(
      expect.objectContaining({ code: 'AGENT_INVALID', message: expect.stringContaining(reason) }),
    );
  });

  test('whose card is no JSON is refused', () => {
    const folder = written();
    writeFileSync(join(folder, 'card.json'), '{"format"');
    expect(() => readAgent(folder)).toThrow(expect.objectContaining({ code: 'AGENT_INVALID' }));
  });
});

describe('the average of two agents', () => {
  const trainedOn = { ...agent, name: 'trained on', weights: initialWeights(shape, 2) };

  test('has the mean of their weights, by the share of the second, and all else of the second', () => {
    const mean = averageAgents(agent, trainedOn, 0.25);
    expect(mean).toEqual({ ...trainedOn, weights: mean.weights });
    mean.weights.forEach((weight, index) => {
      expect(weight).toBeCloseTo(0.75 * agent.weights[index]! + 0.25 * trainedOn.weights[index]!, 6);
    });
    expect(averageAgents(agent, trainedOn, 0).weights).toEqual(agent.weights);
  });

  test.each([
    ['roles', { role: 'chaos' }],
    ['networks', { shape: { ...shape, headUnits: 16 } }],
    ['features', { observationHash: '0000000000000000' }],
    ['actions', { actionHash: '0000000000000000' }],
    ['scalings of features', { scaling: { ...agent.scaling, critic: agent.scaling.cluster } }],
  ])('is refused where their %s differ', (part, other) => {
    expect(() => averageAgents(agent, { ...trainedOn, ...other }, 0.5)).toThrow(`their ${part} differ`);
  });
});
