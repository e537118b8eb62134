/** A run on disk: stopped, resumed, and read by others. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  parseTrainSettings,
  RunFolder,
  runTraining,
  type TrainingOutcome,
  type TrainingProgress,
  type TrainingRunOptions,
} from '../../src/learn/index.ts';
import { readAgent } from '../../src/model/index.ts';
import { toyContest, toySettings } from '../support/learning.ts';

const allIterations = Array.from({ length: 14 }, (_, index) => index + 1);
const about = { scenarios: ['toy'] };

function createRun(evaluation: object = toySettings.evaluation): RunFolder {
  const path = join(mkdtempSync(join(tmpdir(), 'run-')), 'run');
  return RunFolder.create(path, {
    settings: parseTrainSettings({ ...toySettings, evaluation }),
    task: toyContest,
    about,
    files: { 'scenarios/toy.yaml': 'x: 1' },
  });
}

/** Trains; the clock gains a second with every look at it. */
function train(folder: RunFolder, options: Partial<TrainingRunOptions> = {}): Promise<TrainingOutcome> {
  let seconds = 0;
  const clockSeconds = () => seconds++;
  return runTraining({ folder, workers: 1, checkpointIterations: 2, clockSeconds, ...options });
}

function stopAfter(iterations: number): AbortSignal {
  let asked = 0;
  return {
    get aborted() {
      return asked++ >= iterations;
    },
  } as AbortSignal;
}

function weights({ agents }: TrainingOutcome): unknown[] {
  return ['order', 'chaos'].map((role) => readAgent(agents[role]!).card.weights);
}

function metrics(folder: RunFolder): Record<string, unknown>[] {
  const lines = readFileSync(join(folder.path, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a training run', () => {
  test('leaves agents, metrics and a copy of its scenario', async () => {
    const folder = createRun();
    const outcome = await train(folder);
    expect(outcome).toMatchObject({ stoppedBy: 'steps', steps: 1680, iteration: 14 });
    expect(readAgent(outcome.agents.order!).agent.role).toBe('order');
    expect(readAgent(outcome.agents.chaos!).card.training).toMatchObject({ scenarios: ['toy'], seed: 11 });
    expect(readFileSync(join(folder.path, 'scenarios/toy.yaml'), 'utf8')).toBe('x: 1');
    expect(metrics(folder).map((row) => row.iteration)).toEqual(allIterations);
    expect(metrics(folder)[9]).toMatchObject({ learner: 'order', 'time/total_timesteps': 1200 });
    const [header, ...rows] = readFileSync(join(folder.path, 'metrics.csv'), 'utf8').trimEnd().split('\n');
    expect(header).toContain('train/approx_kl');
    expect(rows.map((row) => row.split(',').length)).toEqual(rows.map(() => header!.split(',').length));
  });

  test('leaves the best agents with what they were chosen for, and the last ones where those are others', async () => {
    const folder = createRun();
    const { agents, best } = await train(folder);
    const { training } = readAgent(agents.chaos!).card;
    expect(training).toMatchObject({ iteration: 12, steps: 1440, evaluation: { success: 1, episodes: 24 } });
    expect(best.chaos).toMatchObject({ iteration: 12, score: { value: 1, high: 1 } });
    // Order learned in the last two iterations, so that its last weights were evaluated after them.
    expect(readAgent(agents.order!).card.training).toMatchObject({ iteration: 14 });
    expect(existsSync(join(folder.path, 'agents/order-last'))).toBe(false);
  });

  test('without evaluation leaves the last agents', async () => {
    const folder = createRun({ everyIterations: 0 });
    const { agents, best } = await train(folder);
    expect(best).toEqual({ chaos: undefined, order: undefined });
    expect(readAgent(agents.chaos!).card.training).toMatchObject({ iteration: 14, steps: 1680 });
    expect(readAgent(agents.chaos!).card.training).not.toHaveProperty('evaluation');
  });

  test('stopped between two evaluations leaves the last agents beside the best ones', async () => {
    const folder = createRun();
    await train(folder, { signal: stopAfter(10) });
    const iterations = ['chaos', 'order', 'order-last'].map((name) => {
      return readAgent(join(folder.path, 'agents', name)).card.training.iteration;
    });
    expect(iterations).toEqual([8, 8, 10]);
    // Chaos has not learned since: its last weights are its best ones.
    expect(existsSync(join(folder.path, 'agents/chaos-last'))).toBe(false);
  });

  test('ends early when no role improves any more, and says so again when resumed', async () => {
    const folder = createRun({ everyIterations: 2, patience: 2 });
    expect(await train(folder)).toMatchObject({ stoppedBy: 'plateau', iteration: 8 });
    expect(await train(RunFolder.open(folder.path))).toMatchObject({ stoppedBy: 'plateau', iteration: 8 });
  });

  test('stopped and resumed ends with the agents of one that was not', async () => {
    const whole = await train(createRun());
    const folder = createRun();
    const first = await train(folder, { signal: stopAfter(5) });
    expect(first).toMatchObject({ stoppedBy: 'signal', iteration: 5 });
    const second = await train(RunFolder.open(folder.path));
    expect(second.stoppedBy).toBe('steps');
    expect(weights(second)).toEqual(weights(whole));
    expect(metrics(folder).map((row) => row.iteration)).toEqual(allIterations);
  });

  test('drops metrics that a killed run wrote beyond its checkpoint', async () => {
    const folder = createRun();
    await train(folder, { signal: stopAfter(2) });
    appendFileSync(join(folder.path, 'metrics.jsonl'), '{"iteration":3,"learner":"order"}\n{"iteration":4,"lear');
    await train(RunFolder.open(folder.path), { signal: stopAfter(1) });
    expect(metrics(folder).map((row) => row.iteration)).toEqual([1, 2, 3]);
    expect(metrics(folder)[2]).toHaveProperty(['train/approx_kl']);
  });

  test('stops when its time is over', async () => {
    const outcome = await train(createRun(), { minutes: 0.1 });
    expect(outcome.stoppedBy).toBe('minutes');
    expect(outcome.iteration).toBeLessThan(5);
  });

  test('is not overwritten by another', () => {
    const { path } = createRun();
    const again = () => RunFolder.create(path, { settings: parseTrainSettings({}), task: toyContest, about });
    expect(again).toThrow(expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' }));
  });

  test('goes on from the checkpoint before when the last one is damaged, and says so', async () => {
    const whole = createRun();
    const outcome = await train(whole);
    const folder = createRun();
    await train(folder, { signal: stopAfter(5) });
    const latest = join(folder.path, 'checkpoint/latest.checkpoint');
    writeFileSync(latest, readFileSync(latest).subarray(0, 5000));
    const warnings: string[] = [];
    const resumed = await train(RunFolder.open(folder.path), { onWarning: (text) => warnings.push(text) });
    expect(warnings).toEqual([expect.stringMatching(/^CHECKPOINT_TRUNCATED: .*latest.checkpoint.* iteration 4$/)]);
    expect(weights(resumed)).toEqual(weights(outcome));
    expect(readdirSync(join(folder.path, 'checkpoint')).sort()).toEqual([
      'damaged.checkpoint',
      'latest.checkpoint',
      'previous.checkpoint',
    ]);
    expect(metrics(folder).map((row) => row.iteration)).toEqual(allIterations);
  });

  test('killed while its first checkpoint was written begins anew', async () => {
    const outcome = await train(createRun());
    const folder = createRun();
    mkdirSync(join(folder.path, 'checkpoint'));
    writeFileSync(join(folder.path, 'checkpoint/latest.checkpoint.unfinished'), 'half');
    expect(weights(await train(RunFolder.open(folder.path)))).toEqual(weights(outcome));
  });

  test.each(['metrics.jsonl', 'metrics.csv', 'checkpoint/latest.checkpoint.unfinished'])(
    'that can no longer write %s says how to go on from its last checkpoint',
    async (name) => {
      const outcome = await train(createRun());
      const folder = createRun();
      const onProgress = ({ report }: TrainingProgress) => {
        if (report.iteration !== 5) return;
        rmSync(join(folder.path, name), { force: true });
        mkdirSync(join(folder.path, name));
      };
      await expect(train(folder, { onProgress })).rejects.toThrow(
        expect.objectContaining({
          code: 'OUTPUT_UNWRITABLE',
          hint: expect.stringContaining(`--resume ${folder.path}`) as string,
        }),
      );
      rmSync(join(folder.path, name), { recursive: true });
      expect(weights(await train(RunFolder.open(folder.path)))).toEqual(weights(outcome));
    },
  );

  test('is refused where there is none', () => {
    expect(() => RunFolder.open(tmpdir())).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }));
  });
});
