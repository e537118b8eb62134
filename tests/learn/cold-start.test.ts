/** Learning from demonstrations before learning by play. */
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeCheckpoint, parseTrainSettings, restoreCheckpoint, Trainer } from '../../src/learn/index.ts';
import { coldSettings, coldStarted, type Epoch, recordedRunbook, runbookEpisodes } from '../support/cold-start.ts';
import { learnedNumbers, toyContest, toySettings } from '../support/learning.ts';

/** The epoch of the lowest held-out cross-entropy. */
function bestOf(epochs: readonly Epoch[]): Epoch {
  const crossEntropies = epochs.map(({ heldOut }) => heldOut!.crossEntropy);
  return epochs[crossEntropies.indexOf(Math.min(...crossEntropies))]!;
}

describe('a cold start from the runbook', () => {
  let trainer: Trainer;
  let epochs: Epoch[];
  beforeAll(async () => {
    const settings = coldSettings({ noOpShare: 1, epochs: 15, patience: 8, heldOutShare: 0.25, learningRate: 3e-3 });
    ({ trainer, epochs } = await coldStarted(settings, [runbookEpisodes(60)]));
  });

  test('agrees in 95 % of the held-out decisions, and in 65 % of those in which the runbook acted', () => {
    expect(bestOf(epochs).heldOut!.accuracy).toBeGreaterThan(0.95);
    expect(bestOf(epochs).heldOut!.actionAccuracy).toBeGreaterThan(0.65);
    // Doing nothing always would agree in fewer.
    expect(1 - bestOf(epochs).actions / bestOf(epochs).decisions).toBeLessThan(0.9);
  });

  test('knows what decisions are worth', () => {
    expect(bestOf(epochs).heldOut!.explainedVariance).toBeGreaterThan(0.25);
  });

  test('leaves the scaling of features to the demonstrations when play begins', async () => {
    const before = trainer.agent('order', 'imitated').scaling;
    await trainer.iterate();
    expect(trainer.agent('order', 'imitated').scaling).toEqual(before);
    expect(before.components.factors).not.toEqual(new Float32Array(before.components.factors.length).fill(1));
  });
});

describe('demonstrations', () => {
  test('without actions are thinned, and those kept count for as many as they stand for', async () => {
    const run = (noOpShare: number) => coldStarted(coldSettings({ noOpShare, epochs: 1 }), [runbookEpisodes(12)]);
    const [all] = (await run(1)).epochs;
    const [few] = (await run(0.2)).epochs;
    expect(few!.decisions).toBe(all!.decisions);
    expect(few!.actions).toBe(all!.actions);
    const quiet = all!.decisions - all!.actions;
    expect(few!.decisionsLearned + few!.decisionsHeldOut).toBeLessThan(few!.actions + 0.3 * quiet);
    // The first scores are those of a policy that does nothing: it agrees wherever the runbook did nothing.
    expect(few!.heldOut!.accuracy).toBeCloseTo(all!.heldOut!.accuracy, 1);
  });

  test('may be asked for while somebody else plays, from the first round on', async () => {
    const first = async (demonstrator: string, playedBy?: string) => {
      const settings = coldSettings({ noOpShare: 1, epochs: 1, askedShare: 0.25, askedShareLosing: 0.25 });
      const source = { kind: 'played' as const, demonstrator, playedBy, episodes: 16, weight: 1 };
      return (await coldStarted(settings, [source])).epochs[0]!;
    };
    // Nobody repairs, so the runbook, who keeps track and is always asked, goes on asking for its repairs.
    expect((await first('runbook', 'none')).actions).toBeGreaterThan(3 * (await first('runbook')).actions);
    const all = (await first('none')).decisions;
    const share = (await first('restart-failed', 'none')).decisions / all;
    expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / all));
  });

  test('may show the demonstrator playing in every round, and so asked at every decision', async () => {
    const settings = coldSettings({ noOpShare: 1, epochs: 1, rounds: 2, askedShare: 0.25, askedShareLosing: 0.25 });
    const source = { kind: 'played' as const, demonstrator: 'none', playedBy: 'none', episodes: 8, weight: 1 };
    const { epochs } = await coldStarted(settings, [source]);
    const steps = recordedRunbook(1).choices.order!.length;
    expect(epochs.map(({ decisions }) => decisions)).toEqual([8 * steps, 16 * steps]);
  });

  test('may show which action is chosen and not when', async () => {
    const settings = coldSettings({ noOpShare: 1, epochs: 8, heldOutShare: 0.25, learningRate: 1e-2 });
    const source = { kind: 'played' as const, demonstrator: 'runbook', episodes: 40, weight: 1 };
    const { epochs } = await coldStarted(settings, [{ ...source, actionsOnly: true }]);
    const last = epochs.at(-1)!;
    expect(last.decisionsLearned + last.decisionsHeldOut).toBe(last.actions);
    expect(last.decisions).toBeGreaterThan(2 * last.actions);
    // Doing nothing is no choice there, so that the learner is right where it would rather wait.
    expect(last.heldOut!.actionAccuracy).toBeGreaterThan(0.8);
    expect(last.heldOut!.accuracy).toBe(last.heldOut!.actionAccuracy);
  });

  test('may be recordings', async () => {
    const episodes = [1, 2, 3, 4].map((seed) => recordedRunbook(seed));
    const { epochs } = await coldStarted(coldSettings({ noOpShare: 1, epochs: 1 }), [
      { kind: 'recorded', episodes, weight: 1 },
    ]);
    const choices = episodes.flatMap((episode) => episode.choices.order!);
    expect(epochs[0]).toMatchObject({
      episodes: 4,
      decisions: choices.length,
      actions: choices.filter((choice) => choice !== 0).length,
      decisionsLearned: (choices.length * 3) / 4,
      decisionsHeldOut: choices.length / 4,
    });
  });

  test('may come from a larger system than the one that is trained on', async () => {
    const task = { ...toyContest, options: { ...(toyContest.options as object), components: 9 } };
    const nothing = new Array<number>(21).fill(0);
    const episode = { task, seed: 1, choices: { chaos: nothing, order: nothing } };
    const settings = parseTrainSettings({
      ...toySettings,
      coldStart: { order: { demonstrations: [{ policy: 'none' }] } },
    });
    const recorded = { kind: 'recorded' as const, episodes: [episode], weight: 1 };
    const { trainer, epochs } = await coldStarted(settings, [recorded], { task: toyContest });
    expect(epochs.at(-1)).toMatchObject({ decisions: 21, actions: 0 });
    expect(epochs.at(-1)!.crossEntropy).toBeLessThan(epochs[0]!.crossEntropy);
    await trainer.iterate();
  });

  test('that were cut off teach nothing about decisions whose future is not known', async () => {
    const cut = { kind: 'recorded' as const, episodes: [recordedRunbook(1, 30)], weight: 1 };
    const settings = coldSettings({ noOpShare: 1, epochs: 1 }, { role: { discount: 0.8 } });
    const { epochs } = await coldStarted(settings, [cut]);
    // 0.8^11 is the first power below a tenth.
    expect(epochs[0]).toMatchObject({ decisions: 30, decisionsLearned: 20, heldOut: undefined });
  });

  test('of several sources are mixed by weight', async () => {
    const quiet = { kind: 'played' as const, demonstrator: 'none', episodes: 6 };
    const accuracyBeside = async (weight: number): Promise<number> => {
      const settings = coldSettings({ noOpShare: 1, epochs: 12, learningRate: 1e-2, heldOutShare: 0.5 });
      const { epochs } = await coldStarted(settings, [{ ...quiet, weight }, runbookEpisodes(12)]);
      return epochs.at(-1)!.heldOut!.actionAccuracy!;
    };
    expect(await accuracyBeside(30)).toBeLessThan(await accuracyBeside(0.01));
  });
});

describe('a further round', () => {
  test('adds what the runbook would have done in the place of the learner', async () => {
    const { epochs } = await coldStarted(coldSettings({ rounds: 2, epochs: 2 }), [runbookEpisodes(8)]);
    const [first, , second] = epochs;
    expect(second).toMatchObject({ round: 2, epoch: 1, episodes: 16, decisions: 2 * first!.decisions });
    // The learner still does nothing, so the runbook goes on asking for its repairs.
    expect(second!.actions).toBeGreaterThan(3 * first!.actions);
  });

  test('asks at a share of the decisions only, a larger one where reward is lost', async () => {
    const asked = async (askedShareLosing: number) => {
      const settings = coldSettings({ rounds: 2, epochs: 1, askedShare: 0.25, askedShareLosing });
      const demonstrations = { kind: 'played' as const, demonstrator: 'none', episodes: 16, weight: 1 };
      const [first, second] = (await coldStarted(settings, [demonstrations])).epochs;
      return { all: first!.decisions, share: (second!.decisions - first!.decisions) / first!.decisions };
    };
    const evenly = await asked(0.25);
    const standardError = Math.sqrt((0.25 * 0.75) / evenly.all);
    expect(Math.abs(evenly.share - 0.25)).toBeLessThan(4 * standardError);
    expect((await asked(1)).share).toBeGreaterThan(evenly.share + 4 * standardError);
  });

  test('asks somebody who keeps track of what was done at every decision', async () => {
    const settings = coldSettings({ rounds: 2, epochs: 1, askedShare: 0.25, askedShareLosing: 0.25 });
    const [first, second] = (await coldStarted(settings, [runbookEpisodes(4)])).epochs;
    expect(second!.decisions).toBe(2 * first!.decisions);
  });

  test('does not play recordings again', async () => {
    const recorded = { kind: 'recorded' as const, episodes: [1, 2].map((seed) => recordedRunbook(seed)), weight: 1 };
    const { epochs } = await coldStarted(coldSettings({ rounds: 3, epochs: 1 }), [recorded]);
    expect(epochs).toHaveLength(1);
  });
});

describe('imitation', () => {
  test('ends when held-out decisions get no better, with the weights of the best epoch', async () => {
    // Six episodes are learned by heart long before they are understood.
    const settings = { noOpShare: 1, patience: 3, learningRate: 1e-2, learningRateEnd: 1e-2, heldOutShare: 0.5 };
    const stopped = await coldStarted(coldSettings({ ...settings, epochs: 200 }), [runbookEpisodes(6)]);
    const best = bestOf(stopped.epochs).epoch;
    expect(stopped.epochs).toHaveLength(best + 3);
    expect(best).toBeLessThan(100);
    const exact = await coldStarted(coldSettings({ ...settings, epochs: best }), [runbookEpisodes(6)]);
    expect(learnedNumbers(stopped.trainer)).toEqual(learnedNumbers(exact.trainer));
  });
});

test('a decay of the weights keeps them small, and what was shown is learned all the same', async () => {
  const learned = async (weightDecay: number) => {
    const settings = coldSettings({ noOpShare: 1, epochs: 8, learningRate: 3e-3, heldOutShare: 0.25, weightDecay });
    const { trainer, epochs } = await coldStarted(settings, [runbookEpisodes(30)]);
    const { weights } = trainer.agent('order', 'imitated');
    return { length: Math.hypot(...weights), accuracy: bestOf(epochs).heldOut!.accuracy };
  };
  const [free, held] = [await learned(0), await learned(3)];
  expect(held.length).toBeLessThan(0.9 * free.length);
  expect(held.accuracy).toBeGreaterThan(free.accuracy - 0.03);
});

describe('play after a cold start', () => {
  const settings = parseTrainSettings({
    ...toySettings,
    coldStart: { order: { demonstrations: [{ policy: 'random' }], epochs: 2 } },
    roles: { order: { referenceWeight: 0.1, referenceWeightEnd: 0.05 } },
  });
  const demonstrations = [{ kind: 'played' as const, demonstrator: 'random', episodes: 6, weight: 1 }];
  const started = () => coldStarted(settings, demonstrations, { task: toyContest }).then(({ trainer }) => trainer);

  test('goes on from a checkpoint at its end to the weights of a run that never stopped', async () => {
    const unbroken = await started();
    const bytes = encodeCheckpoint(unbroken, toyContest);
    for (let iteration = 0; iteration < 6; iteration++) await unbroken.iterate();
    const resumed = new Trainer({ task: toyContest, settings });
    await restoreCheckpoint(resumed, toyContest, { bytes, file: 'test' });
    for (let iteration = 0; iteration < 6; iteration++) await resumed.iterate();
    expect(learnedNumbers(resumed)).toEqual(learnedNumbers(unbroken));
  });

  test('stays near the imitated policy where it is pulled towards it', async () => {
    const divergenceWith = async (weight: number): Promise<number> => {
      const roles = { order: { referenceWeight: weight, referenceWeightEnd: weight } };
      const pulled = parseTrainSettings({ ...settings, roles, schedule: { roles: ['order'] } });
      const { trainer } = await coldStarted(pulled, demonstrations, { task: toyContest });
      let last = 0;
      for (let iteration = 0; iteration < 10; iteration++) last = (await trainer.iterate()).update.referenceKl;
      return last;
    };
    const [free, held] = [await divergenceWith(1e-9), await divergenceWith(3)];
    expect(held).toBeLessThan(free / 3);
  });
});
