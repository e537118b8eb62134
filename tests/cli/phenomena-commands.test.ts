/** `replay` and `run` on the phenomena: the story they tell, what repairs do to it, and recordings on both engines. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { listCommand } from '../../src/cli/commands/list.ts';
import { replayCommand } from '../../src/cli/commands/replay.ts';
import { runCommand } from '../../src/cli/commands/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-phenomena-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function deeplOps(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const exit = await runCommandLine(args, [replayCommand, runCommand, listCommand], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
  });
  return { exit, stdout, stderr };
}

describe('the story of a phenomenon', () => {
  test('has what broke, what the cluster did, what users felt, which signals moved, and a verdict with reasons', async () => {
    const { exit, stdout } = await deeplOps('replay', 'node-loss', '--order', 'none');
    expect(exit).toBe(0);
    const story = stdout.split('\n');
    expect(story[0]).toBe('node-loss: its own fault script, none repairs, flow engine, seed 1');
    expect(story[1]).toMatch(/^ {5}5 s {2}users {4}users: \d\d of \d\d\/s served, p99 0\.\d\d s$/);
    expect(story).toContain('    60 s  fault    node.down.severe on node-1');
    expect(story).toContain('    60 s  cluster  api replica 0 gone with node-1');
    expect(stdout).toMatch(/^ {4}65 s {2}users {4}objectives broken \(loss \d+ %\)$/m);
    expect(stdout).toMatch(/^ {4}65 s {2}signals {2}api: errors 0 -> 33 %, .*p99 .* -> 1\.00 s/m);
    expect(story).toContain('   105 s  cluster  node-1 counts as lost: no heartbeat');
    expect(story).toContain('   105 s  cluster  api replica 0 not ready: taken out of load balancing');
    expect(story).toContain('   110 s  users    objectives restored after 45 s');
    expect(story).toContain('   165 s  cluster  api replica 0 moved to node-4');
    expect(stdout).toMatch(/^NOT repaired: availability 96\.\d\d %, objectives broken for 45 s$/m);
    expect(stdout).toMatch(/^ {2}still broken: availability 96\.\d\d % is below 97\.50 %$/m);
  });

  test('has the repairs of an order agent, or stated ones', async () => {
    const { stdout } = await deeplOps('replay', 'full-disk', '--repair', 'disk.free-space on store-disk-0 at 3m');
    expect(stdout).toMatch(/^ +\d+ s {2}cluster {2}store-disk-0 over its watermark: writes fail$/m);
    expect(stdout).toMatch(/^ {3}180 s {2}repair {3}disk\.free-space on store-disk-0$/m);
    expect(stdout).toMatch(/^ {3}185 s {2}repair {3}disk\.free-space on store-disk-0 done$/m);
    expect(stdout).toMatch(/^ {3}185 s {2}cluster {2}store-disk-0 below its watermark: writes work$/m);
    expect(stdout).toMatch(/^Repaired: /m);
    const runbook = await deeplOps('replay', 'full-disk', '--order', 'runbook');
    expect(runbook.stdout).toMatch(/repair {3}disk\.free-space on store-disk-0 done$/m);
  });

  test('has the end of a leader and the election of the next', async () => {
    const gap = await deeplOps('replay', 'election-gap', '--order', 'none');
    expect(gap.stdout).toMatch(/^ {4}60 s {2}cluster {2}store has no leader$/m);
    expect(gap.stdout).toMatch(/^ {3}180 s {2}cluster {2}store replica 1 now leads, \d+ acknowledged writes lost$/m);
  });

  test('is the same as data with --json, and is left out with --no-timeline', async () => {
    const { stdout } = await deeplOps('replay', 'node-loss', '--order', 'none', '--json');
    const { timeline, verdict, engine } = JSON.parse(stdout);
    expect(engine).toBe('flow');
    expect(verdict.repaired).toBe(false);
    expect(timeline).toContainEqual({ timeSeconds: 105, kind: 'nodeLost', component: 'node-1' });
    expect(timeline).toContainEqual({
      timeSeconds: 165,
      kind: 'replicaMoved',
      component: 'api',
      replicas: [0],
      nodes: ['node-4'],
    });
    expect(timeline).toContainEqual(
      expect.objectContaining({
        kind: 'signals',
        component: 'api',
        signals: expect.arrayContaining([expect.objectContaining({ signal: 'errorRatio', from: 0 })]),
      }),
    );
    const silent = await deeplOps('replay', 'node-loss', '--order', 'none', '--no-timeline');
    expect(silent.stdout.split('\n')).toHaveLength(5);
    expect(
      JSON.parse((await deeplOps('replay', 'node-loss', '--no-timeline', '--json')).stdout).timeline,
    ).toBeUndefined();
  });
});

describe('a repair on the command line', () => {
  test.each([
    ['service.restart cart', /"service\.restart cart" is not a repair with a place and a time/],
    ['service.restart on api at noon', /is not a repair with a place and a time/],
    ['service.restrat on api at 2m', /there is no repair "service\.restrat"[\s\S]*Did you mean service\.restart\?/],
    ['service.restart on apy at 2m', /there is no service "apy"[\s\S]*Did you mean api\?/],
    ['node.reboot on api at 2m', /there is no node "api"/],
  ])('that cannot be done (%s) is refused', async (repair, says) => {
    const { exit, stderr } = await deeplOps('replay', 'node-loss', '--repair', repair);
    expect(exit).toBe(2);
    expect(stderr).toMatch(says);
  });

  test('and an agent exclude each other', async () => {
    const { exit, stderr } = await deeplOps(
      ...['replay', 'node-loss', '--order', 'none', '--repair', 'node.reboot on node-1 at 2m'],
    );
    expect(exit).toBe(2);
    expect(stderr).toMatch(/--order and --repair/);
  });
});

describe('recordings', () => {
  test.each(['flow', 'request'])('of the %s engine name it, and verify on it', async (engine) => {
    const file = join(folder, `${engine}.jsonl`);
    const made = await deeplOps('run', 'gray-failure', '--engine', engine, '--seed', '3', '--record', file);
    expect(made.exit).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '').engine).toBe(engine);
    const verified = await deeplOps('replay', file, '--timeline');
    expect(verified.exit).toBe(0);
    expect(verified.stdout).toMatch(/^ +5 s {2}users /);
    expect(verified.stdout).toMatch(/^84 steps run again, each came out as recorded$/m);
  });

  test('take stated repairs too, and are not run on another engine', async () => {
    const file = join(folder, 'script.jsonl');
    await deeplOps('replay', 'gray-failure', '--order', 'none', '--record', file);
    const other = await deeplOps('replay', file, '--repair', 'service.reschedule on api at 2m', '--no-timeline');
    expect(other.stdout).toMatch(/^Recorded, none:\n {2}NOT repaired[\s\S]*^Now, planned repairs:\n {2}Repaired/m);
    const { exit, stderr } = await deeplOps('replay', file, '--engine', 'request');
    expect(exit).toBe(2);
    expect(stderr).toMatch(/a recording is run on the engine it was recorded on/);
  });

  test('are not made on an engine that does not exist', async () => {
    const { exit, stderr } = await deeplOps('run', 'gray-failure', '--engine', 'fluid');
    expect(exit).toBe(2);
    expect(stderr).toMatch(/engine cannot be "fluid"\n {2}It is one of "flow", "request"/);
  });
});

test('list shows the phenomena', async () => {
  const { stdout } = await deeplOps('list', 'phenomena');
  expect(stdout).toMatch(/^ {2}metastable +For twelve seconds the backend is slow\.$/m);
  expect(stdout.trim().split('\n')).toHaveLength(18);
});

test('list shows the outages, and each can be replayed by its name', async () => {
  const { stdout } = await deeplOps('list', 'outages');
  expect(stdout).toMatch(/^ {2}dead-disk +A disk that is gone for good, with its data\.$/m);
  const story = await deeplOps('replay', 'dead-disk', '--order', 'none');
  expect(story.stdout).toMatch(/^dead-disk: its own fault script, none repairs/);
  expect(story.stdout).toMatch(/fault +disk\.lost\.severe on redis-cart-disk-0\n/);
  expect(story.stdout).toMatch(/still broken: redis-cart has 1 of 2 required replicas/);
});
