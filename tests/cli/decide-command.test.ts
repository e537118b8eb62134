/** `decide` on an exported folder: answers, abstentions and complaints, for people and for programs. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { decideCommand } from '../../src/cli/commands/decide.ts';
import { topologyCommand } from '../../src/cli/commands/topology.ts';
import { agent, modelFiles } from '../decide/hand-made-model.ts';
import { completeTopology, signals, topology, webhook } from '../decide/shop.ts';

const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-decide-command-'));
const model = join(folder, 'model');
const at = (name: string) => join(folder, name);

/** Exit code and what was printed. */
async function run(...args: string[]) {
  const printed = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof printed) => ({ write: (text: string) => (printed[name] += text) });
  const surroundings = { stdout: sink('stdout'), stderr: sink('stderr'), env: {} };
  const exit = await runCommandLine(args, [decideCommand, topologyCommand], surroundings);
  return { exit, ...printed };
}

const decide = (...args: string[]) => run('decide', '--model', model, ...args);

beforeAll(() => {
  mkdirSync(model);
  for (const [name, content] of Object.entries(modelFiles())) writeFileSync(join(model, name), content);
  writeFileSync(at('map.yaml'), stringify(topology));
  writeFileSync(at('shop.yaml'), stringify(completeTopology));
  writeFileSync(at('alert.json'), JSON.stringify(webhook()));
  writeFileSync(at('signals.yaml'), stringify(signals({ n2: { readyRatio: 0.5 } })));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('decide', () => {
  test('advises on a signals document: repair, rule and reasons', async () => {
    const moment = ['--now', '2026-11-22T12:00:05Z'];
    const { exit, stdout } = await decide('--input', at('signals.yaml'), '--topology', at('shop.yaml'), ...moment);
    expect(exit).toBe(0);
    expect(stdout).toContain(`${agent.name} advises service.restart-unready on n2`);
    expect(stdout).toContain('rule service-1: share of ready replicas at most 90 %');
    expect(stdout).toContain('what mattered: share of ready replicas 50 %');
  });

  test('advises on an alert alone, and says how little it knows', async () => {
    const { exit, stdout } = await decide('--input', at('alert.json'), '--topology', at('map.yaml'));
    expect(exit).toBe(0);
    expect(stdout).toContain('advises service.restart-unready on n2 (tentative');
    expect(stdout).toMatch(/knows: 1 of 9 components seen, 1 of \d+ signals known/);
  });

  test('abstains on a stale document with exit code 1, and says so in JSON', async () => {
    const { exit, stdout } = await decide('--input', at('signals.yaml'), '--topology', at('shop.yaml'), '--json');
    expect(exit).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      abstains: true,
      advice: null,
      repairs: [],
      reasons: [{ code: 'stale' }],
    });
  });

  test('names file, line and column of a mistake', async () => {
    writeFileSync(at('wrong.yaml'), stringify({ ...signals(), version: 7 }));
    const { exit, stderr } = await decide('--input', at('wrong.yaml'), '--topology', at('shop.yaml'));
    expect(exit).toBe(2);
    expect(stderr).toContain('error SIGNALS_INVALID: version');
    expect(stderr).toContain(`${at('wrong.yaml')}:2:10`);
  });

  test('names the place of a wrong name in the map and in alerts beside a document', async () => {
    const document = JSON.parse(JSON.stringify(completeTopology));
    document.components.n1.healthy = { latencyMaen: 1 };
    writeFileSync(at('misspelt.json'), JSON.stringify(document, null, 1));
    const input = ['--input', at('signals.yaml'), '--now', '2026-11-22T12:00:05Z'];
    const wrong = await decide(...input, '--topology', at('misspelt.json'));
    expect(wrong.exit).toBe(2);
    expect(wrong.stderr).toMatch(/TOPOLOGY_INVALID: components\.n1\.healthy\.latencyMaen.*misspelt\.json:\d+:\d+/);
    writeFileSync(at('later.json'), JSON.stringify(webhook({ startsAt: '2026-11-22T13:00:00Z' }), null, 1));
    const early = await decide(...input, '--topology', at('shop.yaml'), '--alerts', at('later.json'));
    expect(early.stderr).toMatch(/SIGNALS_INVALID: alerts\.0\.startsAt.*later\.json:\d+:\d+/);
  });

  test.each([
    ['--now', 'noon', 'USAGE'],
    ['--input', 'no-such-file', 'FILE_NOT_FOUND'],
    ['--model', tmpdir(), 'MODEL_INVALID'],
  ])('answers %s %s with %s', async (flag, value, code) => {
    const args = { '--input': at('alert.json'), '--topology': at('map.yaml'), '--model': model, [flag]: value };
    const { exit, stderr } = await run('decide', ...Object.entries(args).flat());
    expect(exit).toBe(2);
    expect(stderr).toContain(`error ${code}`);
  });

  test.each([
    ['weights.bin', 'x'],
    ['rules.json', '{"format":"deepl-ops-rules"'],
    ['situations.json', '{}'],
    ['card.json', '{"format":"deepl-ops-agent"}'],
    ['rules.json', JSON.stringify({ ...JSON.parse(String(modelFiles()['rules.json'])), observationHash: 'other' })],
  ])('refuses a model whose %s is not its own', async (name, content) => {
    const damaged = at('damaged');
    mkdirSync(damaged, { recursive: true });
    const files = { ...modelFiles(), [name]: content };
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(damaged, file), bytes);
    const { exit, stderr } = await run('decide', '--model', damaged, '--input', at('alert.json'));
    expect(exit).toBe(2);
    expect(stderr).toContain('error MODEL_INVALID');
    expect(stderr).toContain(join(damaged, name));
  });
});

describe('topology', () => {
  test('writes the map of a scenario and its healthy signals, with which nothing needs repair', async () => {
    const scenario = new URL('small-scenario.yaml', import.meta.url).pathname;
    const files = ['--out', at('small.yaml'), '--signals', at('healthy.yaml')];
    expect((await run('topology', scenario, ...files)).exit).toBe(0);
    const { exit, stdout } = await decide('--input', at('healthy.yaml'), '--topology', at('small.yaml'));
    expect(stdout).toContain('components seen');
    expect(exit === 0 || stdout.includes('unfamiliar')).toBe(true);
  });

  test('writes the signals of a moment of the fault script', async () => {
    const scenario = new URL('../../scenarios/phenomena/node-loss.yaml', import.meta.url).pathname;
    const write = async (time: string) => {
      const file = at(`lost-${time}.yaml`);
      const { exit, stdout } = await run(
        'topology',
        scenario,
        '--out',
        at('lost.yaml'),
        '--signals',
        file,
        '--at',
        time,
      );
      expect(exit).toBe(0);
      expect(stdout).toContain('written');
      return readFileSync(file, 'utf8');
    };
    expect(await write('0s')).not.toContain('nodeReady: 0');
    expect(await write('4m')).toContain('nodeReady: 0');
  });

  test('knows times within the scenario only', async () => {
    const scenario = new URL('small-scenario.yaml', import.meta.url).pathname;
    const { exit, stderr } = await run('topology', scenario, '--out', at('x.yaml'), '--at', '40h');
    expect(exit).toBe(2);
    expect(stderr).toContain('error USAGE: --at: 40h');
  });
});
