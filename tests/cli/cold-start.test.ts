/** `train` with demonstrations, as users call it: what lies in the run's folder, and what it says to mistakes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { runCommand } from '../../src/cli/commands/run.ts';
import { trainCommand } from '../../src/cli/commands/train.ts';
import { readAgent } from '../../src/model/index.ts';

const scenario = fileURLToPath(new URL('small-scenario.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-cold-start-'));
const recording = join(folder, 'shown.jsonl');
const sizes =
  'environments: 4\nshards: 2\nrolloutSteps: 16\nnetwork: { encoderUnits: 8, embeddingUnits: 8, headUnits: 8, valueUnits: 8 }\n';

/** Exit code and what was printed. */
async function call(...args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof printed) => ({ write: (text: string) => (printed[name] += text) });
  const surroundings = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const exit = await runCommandLine(args, [runCommand, trainCommand], surroundings);
  return { exit, ...printed };
}

/** Trains for one iteration with these settings on top of small sizes. */
async function train(name: string, settings: string, ...flags: string[]) {
  const config = join(folder, `${name}.yaml`);
  writeFileSync(config, `${sizes}${settings}`);
  const all = ['--config', config, '--steps', '64', '--workers', '1', '--json', '--out', join(folder, name), ...flags];
  return { ...(await call('train', scenario, ...all)), out: join(folder, name) };
}

function readText(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}

beforeAll(async () => {
  expect((await call('run', scenario, '--seed', '5', '--record', recording)).exit).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a cold start', () => {
  test('keeps what order was shown, how it went, and the imitated agent in the run', async () => {
    const sources = `[{ policy: runbook, episodes: 3 }, { recordings: [${recording}], weight: 2 }]`;
    const { exit, stdout, out } = await train(
      'mixed',
      `coldStart: { order: { epochs: 2, demonstrations: ${sources} } }`,
    );
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stoppedBy: 'steps', steps: 64 });
    expect(readText(out, 'demonstrations/order-2/0001.jsonl')).toBe(readText(recording));
    const rows = readText(out, 'cold-start/metrics.jsonl').trim().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toMatchObject([1, 2].map((epoch) => ({ 'imitation/epoch': epoch })));
    expect(JSON.parse(rows[0] ?? '')).toMatchObject({ learner: 'order', 'demonstrations/episodes': 4 });
    expect(readAgent(join(out, 'cold-start/agents/order')).card.training).toMatchObject({ scenarios: ['small'] });
  });

  test('is not repeated by a run that is resumed', async () => {
    const out = join(folder, 'mixed');
    rmSync(join(out, 'demonstrations'), { recursive: true });
    const { exit } = await call('train', '--resume', out, '--workers', '1', '--json');
    expect(exit).toBe(0);
  });

  test('shows a trained agent too', async () => {
    const agent = join(folder, 'mixed', 'agents', 'order');
    const sources = [
      `{ policy: ${agent}, playedBy: ${agent}, against: none, episodes: 2 }`,
      `{ policy: none, playedBy: ${agent}, against: none, episodes: 2 }`,
    ];
    const { exit, out } = await train('agent', `coldStart: { order: { epochs: 1, demonstrations: [${sources}] } }`);
    expect(exit).toBe(0);
    for (const copy of ['order-1/policy', 'order-2/playedBy']) {
      expect(readAgent(join(out, 'demonstrations', copy)).agent).toEqual(readAgent(agent).agent);
    }
    // One that plays itself is there once, and the settings of the run say so.
    expect(existsSync(join(out, 'demonstrations/order-1/playedBy'))).toBe(false);
    expect(readText(out, 'settings.yaml')).toContain('playedBy: demonstrations/order-1/policy');
  });

  test('can be asked for by a flag, which goes before the sources of the settings', async () => {
    const settings = 'coldStart: { order: { epochs: 1, noOpShare: 1, demonstrations: [{ policy: nobody }] } }';
    const { exit, out } = await train('flag', settings, '--imitate', recording);
    expect(exit).toBe(0);
    expect(readText(out, 'cold-start/metrics.jsonl')).toContain('"demonstrations/episodes":1,');
  });

  test('refuses a recording that comes out otherwise here, and names the step', async () => {
    const other = join(folder, 'other.jsonl');
    const lines = readText(recording).split('\n');
    const changed = lines.map((line, index) =>
      index === 3 ? line.replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000') : line,
    );
    writeFileSync(other, changed.join('\n'));
    const { exit, stderr } = await train('other', '', '--imitate', other);
    expect(exit).toBe(2);
    expect(stderr).toContain('RECORDING_VERSION');
    expect(stderr).toContain('at step 3 the state differs');
    expect(stderr).toContain(other);
  });

  test('refuses a recording of other features, compressed like any, and names the file', async () => {
    const foreign = join(folder, 'foreign.jsonl.gz');
    const text = readText(recording).replace(/"observation":"[0-9a-f]{4}/, '"observation":"0000');
    writeFileSync(foreign, gzipSync(text));
    const { exit, stderr } = await train('foreign', '', '--imitate', foreign);
    expect(exit).toBe(2);
    expect(stderr).toContain('RECORDING_VERSION');
    expect(stderr).toContain('chaos has another observation');
    expect(stderr).toContain(foreign);
  });

  test.each([
    [
      'an unknown role',
      'coldStart: { nobody: { demonstrations: [{ policy: runbook }] } }',
      'coldStart.nobody: there is no',
    ],
    ['an unknown policy', 'coldStart: { order: { demonstrations: [{ policy: runbok }] } }', 'Did you mean runbook?'],
    [
      'a policy of the other role',
      'coldStart: { order: { demonstrations: [{ policy: monkey }] } }',
      'cannot play order',
    ],
    [
      'neither policy nor recordings',
      'coldStart: { order: { demonstrations: [{ weight: 2 }] } }',
      'either a policy or',
    ],
    ['a pull without a cold start', 'role: { referenceWeight: 1 }', 'role.referenceWeight: needs a coldStart or'],
  ])('refuses %s before anything is played', async (name, settings, message) => {
    const { exit, stderr } = await train(name.replaceAll(' ', '-'), settings);
    expect(exit).toBe(2);
    expect(stderr).toContain(message);
  });
});
