/** `deepl-ops import` of experiments: a fault script on a given scenario, which can be replayed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { importCommand } from '../../src/cli/commands/import.ts';
import { replayCommand } from '../../src/cli/commands/replay.ts';
import { readScenario } from '../../src/scenario/index.ts';

const SHOP = 'tests/cli/small-scenario.yaml';
const WORKFLOW = `apiVersion: chaos-mesh.org/v1alpha1
kind: Workflow
metadata: { name: storm }
spec:
  entry: all
  templates:
    - { name: all, templateType: Serial, children: [kill, pause, slow] }
    - { name: pause, templateType: Suspend, deadline: 10s }
    - name: kill
      templateType: PodChaos
      deadline: 5s
      podChaos: { mode: one, selector: { labelSelectors: { app: front } }, action: pod-kill }
    - name: slow
      templateType: NetworkChaos
      deadline: 20s
      networkChaos: { mode: all, selector: { labelSelectors: { app: back } }, action: delay, delay: { latency: 90ms } }
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deepl-ops-faults-'));
  writeFileSync(join(folder, 'workflow.yaml'), WORKFLOW);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const exit = await runCommandLine(args, [importCommand, replayCommand], {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    env: {},
  });
  return { exit, ...printed };
}

const workflow = () => ['import', 'chaos-mesh', join(folder, 'workflow.yaml')];

describe('import of experiments', () => {
  test('writes a variant that extends the scenario and can be replayed', async () => {
    const out = join(folder, 'variants', 'storm.yaml');
    const bind = ['--bind', 'front=web', 'back=store'];
    const { exit, stdout, stderr } = await run(...workflow(), '--scenario', SHOP, ...bind, '--out', out);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`${out}: 2 faults\nFaults:\n  at 0s service.kill on web for 1s`);
    const text = readFileSync(out, 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\S+scenario\.schema\.json\n/);
    expect(readScenario(out).script.map(({ fault, startSeconds }) => [fault, startSeconds])).toEqual([
      ['service.kill', 0],
      ['service.delay', 15],
    ]);
    const replayed = await run('replay', out, '--order', 'none', '--json');
    expect([replayed.exit, replayed.stderr]).toEqual([0, '']);
    const { timeline } = JSON.parse(replayed.stdout) as { timeline: { kind: string; verb?: string }[] };
    const started = timeline.filter(({ kind }) => kind === 'faultStarted').map(({ verb }) => verb);
    expect(started).toEqual(['service.kill.mild', 'service.delay.mild']);
  });

  test('without --out prints a variant that lies in the current folder', async () => {
    const { stdout } = await run(
      ...workflow(),
      '--scenario',
      'online-boutique',
      '--bind',
      'front=frontend',
      'back=adservice',
    );
    expect(stdout).toContain('\nextends: online-boutique\n');
    const json = await run(...workflow(), '--scenario', SHOP, '--bind', 'front=web', '--json');
    const { report } = JSON.parse(json.stdout) as { report: { notImported: string[] } };
    expect(report.notImported).toEqual([expect.stringContaining('no service is called back')]);
  });

  test('says which binding nothing uses', async () => {
    const bind = ['--bind', 'Front=web', 'back=store', 'Nosuch=web'];
    const { exit, stdout } = await run(...workflow(), '--scenario', SHOP, ...bind, '--out', join(folder, 'bound.yaml'));
    expect(exit).toBe(0);
    expect(stdout).toContain(
      'Not imported, for want of a counterpart:\n  --bind Nosuch=web: nothing in these files is called Nosuch',
    );
    expect(stdout.match(/--bind/g)).toHaveLength(1);
  });

  test('says what flags are for, and what they need', async () => {
    const message = async (...args: string[]) => (await run(...args)).stderr.split('\n').slice(0, 2).join(' ');
    expect(await message(...workflow())).toContain('chaos-mesh needs --scenario');
    expect(await message(...workflow(), '--scenario', SHOP, '--edges', 'x')).toContain(
      '--edges is for files that describe',
    );
    expect(await message('import', 'compose', join(folder, 'workflow.yaml'), '--bind', 'a=b')).toContain(
      '--bind is for experiments',
    );
    expect(await message(...workflow(), '--scenario', SHOP, '--bind', 'front=wed')).toContain('Did you mean web?');
    expect(await message(...workflow(), '--scenario', SHOP, '--bind', 'front')).toContain('needs VALUE=SERVICE');
    expect(await message(...workflow(), '--scenario', SHOP)).toContain('error MANIFEST_NO_FAULT');
  });
});
