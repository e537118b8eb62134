/** `train --start-from`, as users call it: what lies in the run's folder, and what it says to mistakes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { trainCommand } from '../../src/cli/commands/train.ts';
import { readAgent } from '../../src/model/index.ts';

const scenario = fileURLToPath(new URL('small-scenario.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-start-from-'));
const config = join(folder, 'small.yaml');
const given = join(folder, 'given');
const sizes = 'environments: 4\nshards: 2\nrolloutSteps: 16\nevaluation: { everyIterations: null }\n';
const network = 'network: { encoderUnits: 8, embeddingUnits: 8, headUnits: 8, valueUnits: 8 }\n';

/** Exit code and what was printed. */
async function train(...args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof printed) => ({ write: (text: string) => (printed[name] += text) });
  const surroundings = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const all = ['train', ...args, '--workers', '1', '--json'];
  return { exit: await runCommandLine(all, [trainCommand], surroundings), ...printed };
}

/** A run of one iteration that starts from agents. */
function start(out: string, ...agents: string[]) {
  return train(scenario, '--config', config, '--steps', '64', '--out', join(folder, out), '--start-from', ...agents);
}

beforeAll(async () => {
  writeFileSync(config, sizes + network);
  const made = await train(scenario, '--config', config, '--steps', '128', '--seed', '7', '--out', given);
  expect(made.exit).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a run that starts from agents', () => {
  const [order, chaos] = ['order', 'chaos'].map((role) => join(given, 'agents', role)) as [string, string];

  test('takes each in its role, keeps a copy, and leaves alone who does not learn', async () => {
    const { exit } = await start('both', chaos, order);
    const out = join(folder, 'both');
    expect(exit).toBe(0);
    for (const role of ['chaos', 'order']) {
      expect(readAgent(join(out, 'start', role)).agent).toEqual(readAgent(join(given, 'agents', role)).agent);
    }
    const learned = {
      chaos: readAgent(join(out, 'agents/chaos')).agent,
      order: readAgent(join(out, 'agents/order')).agent,
    };
    expect(learned.chaos.weights).toEqual(readAgent(chaos).agent.weights);
    expect(learned.order.weights).not.toEqual(readAgent(order).agent.weights);
    expect(learned.order.scaling).toEqual(readAgent(order).agent.scaling);
  });

  test('can be repeated from its folder alone, and goes on from there', async () => {
    expect((await start('first', order)).exit).toBe(0);
    const first = join(folder, 'first');
    const settings = join(first, 'settings.yaml');
    expect(readFileSync(settings, 'utf8')).toContain('order: start/order');
    const here = process.cwd();
    process.chdir(first);
    try {
      const again = await train('scenarios/small-scenario.yaml', '--config', 'settings.yaml', '--out', '../again');
      expect(again.exit).toBe(0);
    } finally {
      process.chdir(here);
    }
    const weights = (run: string) => readAgent(join(folder, run, 'agents/order')).agent.weights;
    expect(weights('again')).toEqual(weights('first'));
    expect((await train('--resume', first)).exit).toBe(0);
  });

  test('asks agents of the settings as well as of the flag, which goes first', async () => {
    const own = join(folder, 'own.yaml');
    writeFileSync(own, `${sizes}${network}startFrom: { order: nobody, chaos: ${chaos} }\n`);
    const out = join(folder, 'mixed');
    const flags = ['--config', own, '--steps', '64', '--start-from', order, '--out', out];
    expect((await train(scenario, ...flags)).exit).toBe(0);
    expect(existsSync(join(out, 'start/chaos/card.json'))).toBe(true);
    expect(existsSync(join(out, 'start/order/card.json'))).toBe(true);
  });

  test.each([
    ['a scripted policy', ['runbook'], 'runbook has no network to start from'],
    ['a name that nobody has', ['runbok'], 'there is no order agent "runbok"'],
    ['two for one role', [order, order], 'two agents play order'],
    ['a network of other sizes', ['online-boutique-order'], 'encoderUnits 64 instead of 8'],
  ])('refuses %s before anything is written', async (name, agents, message) => {
    const { exit, stderr } = await start(name, ...agents);
    expect(exit).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(join(folder, name))).toBe(false);
  });

  test('refuses an agent in the seat of the other role, and a role there is not', async () => {
    for (const [startFrom, message] of [
      [`{ order: ${chaos} }`, 'cannot play order'],
      [`{ ordr: ${order} }`, 'startFrom.ordr: there is no role ordr'],
    ] as const) {
      const own = join(folder, 'wrong.yaml');
      writeFileSync(own, `${sizes}${network}startFrom: ${startFrom}\n`);
      const { exit, stderr } = await train(scenario, '--config', own, '--out', join(folder, 'wrong'));
      expect(exit).toBe(2);
      expect(stderr).toContain(message);
    }
  });
});
