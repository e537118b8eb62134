/** `deepl-ops export --as`: recordings and scripts in the words of other tools. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { exportCommand } from '../../src/cli/commands/export.ts';
import { importCommand } from '../../src/cli/commands/import.ts';
import { replayCommand } from '../../src/cli/commands/replay.ts';
import { runCommand } from '../../src/cli/commands/run.ts';

const SHOP = 'tests/cli/small-scenario.yaml';

let folder = '';
let episode = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deepl-ops-export-as-'));
  episode = join(folder, 'episode.jsonl');
  const { exit } = await run(
    'run',
    SHOP,
    '--chaos',
    'monkey',
    '--order',
    'runbook',
    '--seed',
    '3',
    '--record',
    episode,
  );
  expect(exit).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const exit = await runCommandLine(args, [exportCommand, importCommand, replayCommand, runCommand], {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    env: {},
  });
  return { exit, ...printed };
}

interface Journal {
  status: string;
  deviated: boolean;
  start: string;
  end: string;
  duration: number;
  experiment: { title: string; description: string; method: object[]; extensions: { verdict: object; seed: number }[] };
  steady_states: { before: { steady_state_met: boolean; probes: object[] }; after: { steady_state_met: boolean } };
  run: { activity: { name: string; provider: { func: string } }; start: string; end: string; duration: number }[];
  rollbacks: object[];
}

describe('export --as', () => {
  test('chaos-mesh writes what chaos chose as a Workflow, or as an object a fault', async () => {
    const file = join(folder, 'storm.yaml');
    const { exit, stdout } = await run('export', episode, '--as', 'chaos-mesh', '--out', file, '--namespace', 'shop');
    expect(exit).toBe(0);
    expect(stdout.split('\n').slice(0, 2)).toEqual([file, 'Faults:']);
    const workflow = parse(readFileSync(file, 'utf8')) as { kind: string; metadata: object };
    expect(workflow).toMatchObject({ kind: 'Workflow', metadata: { name: 'small', namespace: 'shop' } });
    const objects = join(folder, 'objects/');
    const json = await run('export', episode, '--as', 'chaos-mesh', '--out', objects, '--json');
    const { files, report } = JSON.parse(json.stdout) as { files: string[]; report: { exported: string[] } };
    expect(files).toHaveLength(report.exported.length);
    expect(readdirSync(objects)).toHaveLength(files.length);
  });

  test('chaos-mesh writes the script of a scenario, and what comes back is that script', async () => {
    const script = join(folder, 'script.yaml');
    await run('export', SHOP, '--as', 'chaos-mesh', '--out', script);
    const { stdout } = await run('import', 'chaos-mesh', script, '--scenario', SHOP, '--json');
    const { scenario } = JSON.parse(stdout) as { scenario: string };
    const wanted = { script: [{ fault: 'disk.fill', target: 'store-disk-0', start: '20s' }] };
    expect(parse(scenario)).toMatchObject(wanted);
    const alone = join(folder, 'alone/');
    await run('export', SHOP, '--as', 'chaos-mesh', '--out', alone);
    const back = await run('import', 'chaos-mesh', alone, '--scenario', SHOP, '--json');
    expect(parse((JSON.parse(back.stdout) as { scenario: string }).scenario)).toMatchObject(wanted);
  });

  test('chaos-toolkit writes a journal of a recording, with every fault and repair', async () => {
    const file = join(folder, 'journal.json');
    const { exit, stderr } = await run('export', episode, '--as', 'chaos-toolkit', '--out', file, '--json');
    expect([exit, stderr.replace(/running again.*\n?/g, '').trim()]).toEqual([0, '']);
    const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal;
    expect(journal).toMatchObject({ status: 'completed', duration: 180, rollbacks: [] });
    expect(Date.parse(journal.end) - Date.parse(journal.start)).toBe(180_000);
    expect(journal.experiment.method).toHaveLength(journal.run.length);
    expect(journal.experiment.extensions[0]).toMatchObject({ seed: 3, verdict: { repaired: !journal.deviated } });
    expect(journal.steady_states.before).toMatchObject({ steady_state_met: true });
    expect(journal.steady_states.before.probes[0]).toMatchObject({
      status: 'succeeded',
      tolerance_met: true,
      activity: { type: 'probe', tolerance: { type: 'range', range: [0.99, 1] } },
    });
    const sorts = new Set(journal.run.map(({ activity }) => activity.provider.func));
    expect([...sorts].sort()).toEqual(['start_fault', 'start_repair']);
    for (const entry of journal.run) {
      expect(Object.keys(entry)).toEqual(['activity', 'output', 'start', 'status', 'end', 'duration']);
      expect(Date.parse(entry.end) - Date.parse(entry.start)).toBe(Math.round(1000 * entry.duration));
    }
    const back = await run('import', 'chaos-toolkit', file, '--scenario', SHOP, '--json');
    const { report } = JSON.parse(back.stdout) as { report: { faults: string[] } };
    expect(report.faults).toHaveLength(
      journal.run.filter(({ activity }) => activity.provider.func === 'start_fault').length,
    );
  });

  test('of a recording that was cut off says so', async () => {
    const cut = join(folder, 'cut.jsonl');
    const lines = readFileSync(episode, 'utf8').split('\n');
    writeFileSync(cut, `${lines.slice(0, 12).join('\n')}\n`);
    const file = join(folder, 'cut.json');
    await run('export', cut, '--as', 'chaos-toolkit', '--out', file);
    const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal;
    expect(journal).toMatchObject({
      status: 'interrupted',
      deviated: false,
      duration: 55,
      steady_states: { after: null },
    });
  });

  test('refuses what it cannot do with exit code 2', async () => {
    const refusal = async (...args: string[]) => {
      const { exit, stderr } = await run('export', ...args, '--out', join(folder, 'never'));
      return `${exit} ${stderr.split('\n')[0]}`;
    };
    expect(await refusal(SHOP, '--as', 'chaos-toolkit')).toBe('2 error USAGE: a journal is of a run: give a recording');
    expect(await refusal('online-boutique', '--as', 'gremlin')).toContain('2 error USAGE');
    const quiet = join(folder, 'quiet.jsonl');
    await run('run', SHOP, '--chaos', 'none', '--order', 'none', '--record', quiet);
    expect(await refusal(quiet, '--as', 'chaos-mesh')).toContain('2 error EXPORT_EMPTY: there is no fault');
  });
});
