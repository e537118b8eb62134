/** The event file of a run, read back record by record. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunFolder, runTraining } from '../../src/learn/index.ts';
import { toyContest, toySettings } from '../support/learning.ts';

/** The bytes every event file of TensorFlow begins with: a message of 24 bytes, and the checksum of that length. */
const FIRST_BYTES = [24, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22];

function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    found.push(bytes.subarray(at + 12, at + 12 + length));
    at += 16 + length;
  }
  return found;
}

test('a run leaves an event file with a record per iteration, the same after it was resumed', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'run-')), 'run');
  const settings = { ...toySettings, steps: 480 };
  let seconds = 0;
  const options = { workers: 1, checkpointIterations: 1, clockSeconds: () => seconds++ };
  await runTraining({ folder: RunFolder.create(path, { settings, task: toyContest, about: {} }), ...options });
  const [name, ...others] = readdirSync(join(path, 'tensorboard'));
  const bytes = readFileSync(join(path, 'tensorboard', name!));
  expect(others).toEqual([]);
  expect(name).toMatch(/\.tfevents\./);
  expect([...bytes.subarray(0, 12)]).toEqual(FIRST_BYTES);
  const [version, ...events] = records(bytes);
  expect(version!.toString('latin1')).toContain('brain.Event:2');
  expect(events).toHaveLength(4);
  expect(events[0]!.toString('latin1')).toContain('order/train/approx_kl');
  expect(events[2]!.toString('latin1')).toContain('chaos/train/approx_kl');
  await runTraining({ folder: RunFolder.open(path), ...options });
  expect(readFileSync(join(path, 'tensorboard', name!)).equals(bytes)).toBe(true);
});
