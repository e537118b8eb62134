/** A run that is killed without warning, and resumed, ends where it would have ended: `npm run test:learning`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/kill-rounds.mjs', import.meta.url));

test('killed at any moment and resumed, a run ends with the weights of one that was left alone', () => {
  const flags = ['--rounds', '3', '--steps', '7680', '--seed', '5'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...flags], { encoding: 'utf8' });
  // What a resumed run tells of its progress, if it takes long enough, says what went wrong if anything did.
  expect(status, stderr).toBe(0);
  expect(stdout.match(/^round +\d+: killed/gm)).toHaveLength(3);
  expect(stdout).toMatch(/^ok {3}3 rounds/m);
});
