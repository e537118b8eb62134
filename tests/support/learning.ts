/** What tests of learning share: training to the end, playing the trained agent, and a toy contest. */
import {
  createTask,
  type EvaluationReport,
  parseTrainSettings,
  type TaskDescription,
  Trainer,
  type TrainSettings,
} from '../../src/learn/index.ts';
import { createSimdBackend, scaleRows } from '../../src/neural/index.ts';
import { createNeuralPolicy, type NeuralAgent } from '../../src/policies/index.ts';
import { smallScenario } from './small-scenario.ts';

/** A contest small enough to train for a few iterations in a fraction of a second. @public */
export const toyContest: TaskDescription = {
  name: 'entities',
  options: { components: 5, features: 6, verbs: 4, legalVerbs: 3, episodeSteps: 21 },
};

/** Settings under which the toy contest changes sides, takes snapshots and meets every kind of opponent early. @public */
export const toySettings: TrainSettings = parseTrainSettings({
  seed: 11,
  steps: 1680,
  environments: 6,
  shards: 3,
  rolloutSteps: 20,
  network: { encoderUnits: 8, embeddingUnits: 8, headUnits: 8, valueUnits: 8 },
  // Steps so large that a stale copy of a network anywhere would show in what is chosen.
  role: { minibatch: 50, epochs: 2, learningRate: 3e-2, klTarget: null, noOpLogit: 0 },
  roles: {},
  normaliseSteps: 300,
  // One snapshot per role, so that it is replaced early.
  league: { pastMax: 1 },
  schedule: { firstIterations: 2, turnIterations: 2, freezeAbove: 1 },
  evaluation: { everyIterations: 4, episodes: 8, snapshots: 1 },
});

/** Trains a role that plays alone to the end of its steps. @public */
export async function trainAlone(task: TaskDescription, settings: object): Promise<NeuralAgent> {
  const trainer = new Trainer({ task, settings: parseTrainSettings(settings) });
  while (!trainer.done) await trainer.iterate();
  await trainer.close();
  return trainer.agent('agent', 'tested');
}

/** Mean return of an agent that plays alone, over fresh episodes of one of the run's environments. @public */
export function meanReturn(agent: NeuralAgent, task: TaskDescription, episodes: number, environmentNumber = 0): number {
  const policy = createNeuralPolicy(agent);
  const environment = createTask(task).createEnvironment({ first: environmentNumber, size: 1 });
  const { components, cluster, critic, mask, rewards } = environment.buffers.agent!;
  const choices = new Int32Array(1);
  let total = 0;
  for (let seed = 10_000; seed < 10_000 + episodes; seed++) {
    environment.resetOne(0, seed);
    policy.reset({ role: 'agent', topology: environment.topologyOf(0), spec: environment.specs.agent!, seed });
    while (environment.terminated[0] === 0 && environment.truncated[0] === 0) {
      choices[0] = policy.act({ components, cluster, critic, mask });
      environment.step({ agent: choices });
      total += rewards[0]!;
    }
  }
  return total / episodes;
}

/** What a trained agent that plays alone makes of one component's features: the state's value and each choice's chance. @public */
export function judge(
  { shape, weights, scaling }: NeuralAgent,
  features: readonly number[],
): { value: number; chances: number[] } {
  const backend = createSimdBackend(shape, { componentsMax: 1 });
  backend.setWeights(weights);
  const components = new Float32Array(features.length);
  const cluster = new Float32Array(1);
  const critic = new Float32Array(1);
  const at = { sourceStart: 0, targetStart: 0, rows: 1 };
  scaleRows(Float32Array.from(features), components, scaling.components, at);
  scaleRows(Float32Array.of(1), cluster, scaling.cluster, at);
  scaleRows(Float32Array.of(1), critic, scaling.critic, at);
  const mask = new Uint8Array(1 + shape.verbs).fill(1, 1);
  const out = { logits: new Float32Array(mask.length), values: new Float32Array(1) };
  backend.forward({ size: 1, componentsMax: 1, counts: Int32Array.of(1), components, cluster, critic, mask }, out);
  const weightsOf = [...out.logits.subarray(1)].map((logit) => Math.exp(logit - Math.max(...out.logits)));
  const total = weightsOf.reduce((sum, weight) => sum + weight, 0);
  return { value: out.values[0]!, chances: weightsOf.map((weight) => weight / total) };
}

/** One iteration, and the evaluation that is due after it, as a run does it. @public */
export async function iterateAndEvaluate(trainer: Trainer): Promise<EvaluationReport | undefined> {
  await trainer.iterate();
  if (!trainer.evaluator.due(trainer.iteration, trainer.done)) return undefined;
  return trainer.evaluator.evaluate(trainer.iteration, trainer.steps);
}

/** Everything a trainer has learned and kept, as one list of numbers. @public */
export function learnedNumbers(trainer: { readonly shared: Trainer['shared'] }): number[] {
  return trainer.shared.parameters.flatMap((parameters) => [...parameters]);
}

/** Two small contests in one run; in the second chaos decides at every other step. @public */
export const twoContests: TaskDescription = {
  name: 'contest',
  options: {
    scenarios: [
      smallScenario({ availabilityMin: 0.95 }),
      { ...smallScenario({ decisionSeconds: { chaos: 10, order: 5 } }), name: 'slow' },
    ],
    engine: 'flow',
    regret: true,
    chaosBudgetRatio: 1,
  },
};

/** Settings under which scripts enter the archive, are judged and played again within a few iterations. @public */
export function archiveSettings({ archive = {}, shares = {}, roles }: ArchiveChanges = {}): TrainSettings {
  return parseTrainSettings({
    seed: 3,
    steps: 3200,
    environments: 8,
    shards: 4,
    rolloutSteps: 40,
    network: { encoderUnits: 8, embeddingUnits: 8, headUnits: 8, valueUnits: 8 },
    role: { minibatch: 160, epochs: 1 },
    league: {
      pastMax: 1,
      quietRatio: 0,
      shares: { latest: 1, past: 0, scripted: 1, archive: 2, ...shares },
      archive: { capacity: 4, candidates: 3, trials: 2, ...archive },
    },
    schedule: { roles, firstIterations: 4, turnIterations: 2, freezeAbove: 1 },
  });
}

interface ArchiveChanges {
  readonly archive?: object;
  readonly shares?: object;
  readonly roles?: readonly string[];
}
