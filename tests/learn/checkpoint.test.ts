/** Resuming, and what happens to checkpoints that are not whole. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkpointFiles,
  encodeCheckpoint,
  parseTrainSettings,
  readCheckpointProgress,
  restoreCheckpoint,
  Trainer,
  writeCheckpointFile,
} from '../../src/learn/index.ts';
import { iterateAndEvaluate, learnedNumbers, toyContest, toySettings } from '../support/learning.ts';
import { smallScenario } from '../support/small-scenario.ts';

async function iterate(trainer: Trainer, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await iterateAndEvaluate(trainer);
}

let bytes: Uint8Array;
beforeAll(async () => {
  const trainer = new Trainer({ task: toyContest, settings: toySettings });
  await iterate(trainer, 1);
  bytes = encodeCheckpoint(trainer, toyContest);
});

const fresh = () => new Trainer({ task: toyContest, settings: toySettings });

describe('a checkpoint', () => {
  // After 1 the first episodes have just been cut; after 3 sides have changed within episodes; from 5 on snapshots play.
  // Evaluations follow iterations 4, 8, 12 and 14.
  test.each([1, 3, 5, 11])(
    'taken after %i iterations leads to the weights of a run that never stopped',
    async (before) => {
      const unbroken = fresh();
      await iterate(unbroken, 14);
      const first = fresh();
      await iterate(first, before);
      const checkpoint = encodeCheckpoint(first, toyContest);
      const second = fresh();
      await restoreCheckpoint(second, toyContest, { bytes: checkpoint, file: 'test' });
      await iterate(second, 14 - before);
      expect(second.steps).toBe(unbroken.steps);
      expect(learnedNumbers(second)).toEqual(learnedNumbers(unbroken));
      expect(second.league.save()).toEqual(unbroken.league.save());
      expect(encodeCheckpoint(second, toyContest)).toEqual(encodeCheckpoint(unbroken, toyContest));
    },
  );

  test('of a contest leads to the weights of a run that never stopped, scripted opponents and regret included', async () => {
    const options = { scenarios: [smallScenario()], engine: 'flow', regret: true };
    const task = { name: 'contest', options };
    const schedule = { firstIterations: 1, turnIterations: 1, freezeAbove: 1 };
    const sizes = { environments: 4, shards: 2, rolloutSteps: 12 };
    const settings = parseTrainSettings({ ...toySettings, ...sizes, schedule, roles: { chaos: { noOpLogit: 0 } } });
    const unbroken = new Trainer({ task, settings });
    await iterate(unbroken, 5);
    const bytes = encodeCheckpoint(unbroken, task);
    const second = new Trainer({ task, settings });
    await restoreCheckpoint(second, task, { bytes, file: 'test' });
    await iterate(unbroken, 3);
    await iterate(second, 3);
    expect(learnedNumbers(second)).toEqual(learnedNumbers(unbroken));
  });

  test('tells its progress without being restored', () => {
    expect(readCheckpointProgress({ bytes, file: 'test' })).toEqual({ iteration: 1, steps: 120 });
  });

  test.each([0, 10, 1000, -1])('cut after %i bytes is refused as truncated', async (length) => {
    const source = { bytes: bytes.slice(0, length), file: 'some.checkpoint' };
    await expect(restoreCheckpoint(fresh(), toyContest, source)).rejects.toThrow(
      expect.objectContaining({ code: 'CHECKPOINT_TRUNCATED', place: { file: 'some.checkpoint' } }),
    );
  });

  test('with one changed bit is refused as damaged', async () => {
    const changed = bytes.slice();
    changed[5000]! ^= 1;
    const restored = restoreCheckpoint(fresh(), toyContest, { bytes: changed, file: 'test' });
    await expect(restored).rejects.toThrow(expect.objectContaining({ code: 'CHECKPOINT_INVALID' }));
  });

  test('of other settings is refused, of a longer run it is not', async () => {
    const longer = parseTrainSettings({ ...toySettings, steps: 5000 });
    await restoreCheckpoint(new Trainer({ task: toyContest, settings: longer }), toyContest, { bytes, file: 'test' });
    const other = new Trainer({ task: toyContest, settings: parseTrainSettings({ ...toySettings, seed: 12 }) });
    await expect(restoreCheckpoint(other, toyContest, { bytes, file: 'test' })).rejects.toThrow('other settings');
  });
});

describe('checkpoint files', () => {
  const names = (folder: string) => checkpointFiles(folder).map((file) => basename(file));

  test('keep the last checkpoint and the one before it', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'checkpoint-')), 'run');
    for (const content of [1, 2, 3]) writeCheckpointFile(folder, Uint8Array.of(content));
    expect(names(folder)).toEqual(['latest.checkpoint', 'previous.checkpoint']);
    expect(checkpointFiles(folder).map((file) => readFileSync(file)[0])).toEqual([3, 2]);
    expect(readdirSync(folder).sort()).toEqual(['latest.checkpoint', 'previous.checkpoint']);
  });

  test('killed between two renames, the previous one is there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
    for (const content of [1, 2]) writeCheckpointFile(folder, Uint8Array.of(content));
    renameSync(join(folder, 'latest.checkpoint'), join(folder, 'latest.checkpoint.unfinished'));
    expect(names(folder)).toEqual(['previous.checkpoint']);
  });

  test('killed while the first one is written, none is there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
    writeFileSync(join(folder, 'latest.checkpoint.unfinished'), 'half');
    expect(names(folder)).toEqual([]);
  });

  test('that cannot be written leave the one before alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
    writeCheckpointFile(folder, Uint8Array.of(1));
    mkdirSync(join(folder, 'latest.checkpoint.unfinished'));
    const write = () => writeCheckpointFile(folder, Uint8Array.of(2));
    expect(write).toThrow(expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' }));
    expect(checkpointFiles(folder).map((file) => readFileSync(file)[0])).toEqual([1]);
  });
});
