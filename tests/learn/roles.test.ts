/** Two roles in one environment: each learns from its own choices and its own rewards. */
import { describe, expect, test } from 'vitest';
import { parseTrainSettings, Trainer } from '../../src/learn/index.ts';
import { toyContest } from '../support/learning.ts';

const settings = {
  seed: 3,
  steps: 100_000,
  environments: 8,
  shards: 2,
  gradientShards: 1,
  rolloutSteps: 42,
  network: { encoderUnits: 16, embeddingUnits: 16, headUnits: 16, valueUnits: 16 },
  role: { learningRate: 1e-2, learningRateEnd: 1e-2, minibatch: 128, noOpLogit: 3 },
};

/** How many components were broken on average, in the first and in the last iteration of `learner` against a script. */
async function brokenBeforeAndAfter(learner: string, script: string): Promise<[number, number]> {
  const league = {
    shares: { latest: 0, past: 0, scripted: 1 },
    quietRatio: 0,
    scripts: { [otherThan(learner)]: [script] },
  };
  const schedule = { roles: [learner], firstIterations: 100 };
  const trainer = new Trainer({ task: toyContest, settings: parseTrainSettings({ ...settings, league, schedule }) });
  const broken: number[] = [];
  for (let iteration = 0; iteration < 28; iteration++) {
    broken.push((await trainer.iterate()).episodes.summary.brokenMean!);
  }
  return [broken[0]!, broken.at(-1)!];
}

function otherThan(role: string): string {
  return role === 'order' ? 'chaos' : 'order';
}

describe('in a contest', () => {
  test('order learns to repair what random chaos breaks', async () => {
    const [before, after] = await brokenBeforeAndAfter('order', 'random');
    expect(after).toBeLessThan(0.75 * before);
  });

  test('chaos learns to break more than random repairs mend', async () => {
    const [before, after] = await brokenBeforeAndAfter('chaos', 'random');
    expect(after).toBeGreaterThan(1.25 * before);
  });
});
