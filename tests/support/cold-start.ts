/** What tests of the cold start share: a contest whose runbook is easily learned, and running a cold start to its end. */
import { createEnvironment } from '../../src/environment/index.ts';
import {
  type ColdStartProgress,
  type Demonstrations,
  parseTrainSettings,
  type RecordedEpisode,
  type TaskDescription,
  Trainer,
  type TrainerOptions,
  type TrainSettings,
} from '../../src/learn/index.ts';
import { findPolicy } from '../../src/policies/index.ts';
import { playEpisode } from '../../src/replay/index.ts';
import { smallScenario } from './small-scenario.ts';

/** An epoch of imitation. @public */
export type Epoch = Extract<ColdStartProgress, { kind: 'imitated' }>;

const scenario = smallScenario({ faultsAllowed: ['disk.fill', 'node.down'] });

/** Disks fill up and machines die, and there are few ways to repair that. @public */
export const easyContest: TaskDescription = {
  name: 'contest',
  options: { scenarios: [scenario], engine: 'flow', regret: false },
};

/** The runbook plays the first scripted chaos. @public */
export function runbookEpisodes(episodes: number): Demonstrations {
  return { kind: 'played', demonstrator: 'runbook', episodes, weight: 1 };
}

/** Settings of a run whose order begins with a cold start. @public */
export function coldSettings(coldStart: object, others: object = {}): TrainSettings {
  return parseTrainSettings({
    seed: 3,
    environments: 4,
    shards: 2,
    rolloutSteps: 16,
    network: { encoderUnits: 32, embeddingUnits: 16, headUnits: 32, valueUnits: 16 },
    coldStart: { order: { demonstrations: [{ policy: 'runbook' }], minibatch: 64, ...coldStart } },
    ...others,
  });
}

/** A trainer right after its cold start, and the epochs that led there. @public */
export async function coldStarted(
  settings: TrainSettings,
  order: readonly Demonstrations[],
  { task = easyContest, agents = {} }: Partial<Pick<TrainerOptions, 'task' | 'agents'>> = {},
): Promise<{ trainer: Trainer; epochs: Epoch[] }> {
  const trainer = new Trainer({ task, settings, agents });
  const epochs: Epoch[] = [];
  await trainer.coldStart({
    demonstrations: { order },
    proceed: async (progress) => {
      if (progress.kind === 'imitated') epochs.push(progress);
      return true;
    },
  });
  return { trainer, epochs };
}

/** An episode of the runbook as a recording holds it, up to `stepsMax`. @public */
export function recordedRunbook(seed: number, stepsMax: number = Number.POSITIVE_INFINITY): RecordedEpisode {
  const policies = { chaos: findPolicy('monkey')!.make({}), order: findPolicy('runbook')!.make({}) };
  const choices: { chaos: number[]; order: number[] } = { chaos: [], order: [] };
  const environment = createEnvironment(scenario, { engine: 'flow' });
  for (const step of playEpisode({ environment, policies, seed })) {
    if (choices.order.length >= stepsMax) break;
    choices.chaos.push(step.choices.chaos);
    choices.order.push(step.choices.order);
  }
  return { task: easyContest, seed, choices };
}
