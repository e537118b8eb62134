/** Roles that start from an agent instead of from nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import { parseTrainSettings, requireStartNetwork, Trainer, type TrainSettings } from '../../src/learn/index.ts';
import type { NeuralAgent } from '../../src/policies/index.ts';
import { coldSettings, coldStarted, easyContest, runbookEpisodes } from '../support/cold-start.ts';
import { toyContest, toySettings } from '../support/learning.ts';

/** A role of the toy contest that has learned a little. */
async function trained(role: string): Promise<NeuralAgent> {
  const trainer = new Trainer({ task: toyContest, settings: toySettings });
  for (let iteration = 0; iteration < 4; iteration++) await trainer.iterate();
  return trainer.agent(role, 'given');
}

function starting(role: string, settings: object = {}): TrainSettings {
  const schedule = { ...toySettings.schedule, roles: ['order'] };
  return parseTrainSettings({ ...toySettings, schedule, startFrom: { [role]: 'given' }, ...settings });
}

describe('a role that starts from an agent', () => {
  test('is that agent before it learns, and while others do', async () => {
    const chaos = await trained('chaos');
    const trainer = new Trainer({ task: toyContest, settings: starting('chaos'), agents: { chaos } });
    expect(trainer.agent('chaos', 'given')).toEqual(chaos);
    expect((await trainer.iterate()).learner).toBe('order');
    expect(trainer.agent('chaos', 'given')).toEqual(chaos);
  });

  test('learns on from its network, and what it sees does not shift under that', async () => {
    const order = await trained('order');
    const trainer = new Trainer({ task: toyContest, settings: starting('order'), agents: { order } });
    await trainer.iterate();
    const after = trainer.agent('order', 'given');
    expect(after.weights).not.toEqual(order.weights);
    expect(after.scaling).toEqual(order.scaling);
  });

  test('may be held close to it', async () => {
    const order = await trained('order');
    const moved = async (referenceWeight: number): Promise<number> => {
      const roles = { order: { referenceWeight, learningRate: 1e-3 } };
      const trainer = new Trainer({ task: toyContest, settings: starting('order', { roles }), agents: { order } });
      for (let iteration = 0; iteration < 4; iteration++) await trainer.iterate();
      const { weights } = trainer.agent('order', 'given');
      return Math.hypot(...weights.map((weight, at) => weight - order.weights[at]!));
    };
    expect(await moved(100)).toBeLessThan(0.9 * (await moved(0)));
  });

  test('is refused where its network is of another form, with what differs', async () => {
    const order = await trained('order');
    const network = { ...toySettings.network, headUnits: 16 };
    const run = { task: toyContest, settings: starting('order', { network }), role: 'order' };
    expect(() => requireStartNetwork(order, run)).toThrow('headUnits 8 instead of 16');
    expect(() => new Trainer({ ...run, agents: { order } })).toThrow('headUnits 8 instead of 16');
  });
});

describe('a cold start of a role that starts from an agent', () => {
  const cold = { noOpShare: 1, epochs: 1 };
  let order: NeuralAgent;
  beforeAll(async () => {
    // An agent that does next to nothing, so that it shows in the troubles it gets into.
    order = new Trainer({ task: easyContest, settings: coldSettings(cold, { role: { noOpLogit: 20 } }) }).agent(
      'order',
      'given',
    );
  });

  test('has the agent play from the first round on', async () => {
    const { epochs: anew } = await coldStarted(coldSettings(cold), [runbookEpisodes(16)]);
    const settings = coldSettings(cold, { startFrom: { order: 'given' } });
    const { epochs } = await coldStarted(settings, [runbookEpisodes(16)], { agents: { order } });
    expect(epochs[0]!.decisions).toBe(anew[0]!.decisions);
    // Nothing is repaired, so the runbook goes on asking for its repairs.
    expect(epochs[0]!.actions).toBeGreaterThan(3 * anew[0]!.actions);
  });

  test('leaves the scaling as it was', async () => {
    const settings = coldSettings(cold, { startFrom: { order: 'given' } });
    const { trainer } = await coldStarted(settings, [runbookEpisodes(4)], { agents: { order } });
    expect(trainer.agent('order', 'given').scaling).toEqual(order.scaling);
    expect(trainer.agent('order', 'given').weights).not.toEqual(order.weights);
  });
});
