/** `replay` of a recording as users call it: stopping, branching, comparing, and what it says to mistakes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { parseRecording, type Recording } from '../../src/replay/index.ts';

const scenario = fileURLToPath(new URL('small-scenario.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-replay-'));
const file = join(folder, 'episode.jsonl');
let recording: Recording;
/** Steps at which the recorded order agent did something. */
let repairSteps: number[];

async function program(...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const exit = await runCommandLine(args, commands, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
  });
  return { exit, stdout, stderr };
}

const replay = (...args: string[]) => program('replay', file, ...args);

async function document(...args: string[]) {
  const { stdout } = await replay(...args, '--json');
  return JSON.parse(stdout);
}

/** The recording up to the end of a step, as a crash leaves it. */
function cutOff(steps: number): string {
  const cut = join(folder, `cut-${steps}.jsonl`);
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, 1 + steps);
  writeFileSync(cut, `${lines.join('\n')}\n`);
  return cut;
}

beforeAll(async () => {
  const { exit, stderr } = await program(
    ...['run', scenario, '--order', 'restart-everything', '--seed', '5', '--record', file],
  );
  if (exit !== 0) throw new Error(stderr);
  recording = parseRecording(readFileSync(file, 'utf8'), { file });
  repairSteps = recording.steps.filter(({ choices }) => choices.order !== 0).map(({ step }) => step);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('replay --until', () => {
  it('stops after a step, or at a time, and shows how things are', async () => {
    const { exit, stdout } = await replay('--until', '9');
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^9 steps run again, each came out as recorded\nAfter step 9, at 45 s \(contest\): objectives/,
    );
    for (const title of ['Faults in force', 'Repairs in progress', 'Users, in the last step', 'Monitoring, against']) {
      expect(stdout).toContain(`\n${title}`);
    }
    expect((await replay('--until', '42s')).stdout).toBe(stdout);
  });

  it('gives the moment as data, and the story up to it', async () => {
    const { situation, timeline, steps } = await document('--until', '9', '--timeline');
    expect([steps, situation.step, situation.timeSeconds]).toEqual([9, 9, 45]);
    expect(timeline.every((entry: { timeSeconds: number }) => entry.timeSeconds <= 45)).toBe(true);
  });

  it('stops a branch and a fault script too', async () => {
    const branch = await document('--order', 'none', '--until', '9');
    expect(branch).toMatchObject({ now: { verdict: null }, situation: { step: 9, repairs: [] } });
    const script = JSON.parse(
      (await program('replay', scenario, '--order', 'none', '--until', '25s', '--json')).stdout,
    );
    expect(script.situation.faults).toMatchObject([{ verb: 'disk.fill.severe', component: 'store-disk-0' }]);
  });

  it('is refused where there is nothing to show, with what there is', async () => {
    const ends = 'the episode ends before that, after 36 steps (180 s)';
    const nothing = 'at the beginning there is nothing to show yet: the episode has steps 1 to 36, up to 180 s';
    for (const args of [[], ['--order', 'none']]) {
      for (const until of ['9999', '2h']) {
        const { exit, stderr } = await replay(...args, '--until', until);
        expect([exit, stderr]).toEqual([2, expect.stringContaining(ends)]);
      }
      for (const until of ['0', '0s']) {
        const { exit, stderr } = await replay(...args, '--until', until);
        expect([exit, stderr]).toEqual([2, expect.stringContaining(nothing)]);
      }
    }
    const { stderr } = await program('replay', scenario, '--until', '37');
    expect(stderr).toContain(ends);
    const { stderr: behindCut } = await program('replay', cutOff(12), '--until', '13');
    expect(behindCut).toContain('the recording ends before that, after 12 steps (60 s)');
  });
});

describe('replay --from', () => {
  it('with the agent that was recorded comes out as recorded, and its recording is one', async () => {
    const branch = join(folder, 'branch.jsonl.gz');
    const args = ['--from', '12', '--order', 'restart-everything', '--record', branch];
    const { now, recorded, firstDifference, fromStep } = await document(...args);
    expect([now.verdict, firstDifference, fromStep]).toEqual([recorded.verdict, null, 12]);
    const again = parseRecording(gunzipSync(readFileSync(branch)).toString('utf8'), { file: branch });
    expect(again.steps).toEqual(recording.steps);
    expect(again.header.agents.order).toBe('restart-everything, after step 12 restart-everything');
    expect((await program('replay', branch)).exit).toBe(0);
  });

  it('plays the recorded repairs up to the step and those of the other agent from there', async () => {
    const [, second = 0, third = 0] = repairSteps;
    const { firstDifference, now } = await document('--from', String(second), '--order', 'none');
    expect(firstDifference).toMatchObject({ step: third, order: [recording.steps[third - 1]?.actions.order, '-'] });
    expect(now.verdict.repairs).toBe(2);
  });

  it('does stated repairs from there, and none that lie before', async () => {
    const repair = 'disk.free-space on store-disk-0 at 90s';
    const { now } = await document('--from', '60s', '--repair', repair);
    expect(now.order).toBe('planned repairs');
    const { exit, stderr } = await replay('--from', '2m', '--repair', repair);
    expect([exit, stderr]).toEqual([
      2,
      expect.stringContaining('at 90 s lies before the branch, which begins at 120 s'),
    ]);
  });

  it('refuses a recording whose steps before come out otherwise here', async () => {
    const changed = join(folder, 'changed.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[10] = (lines[10] ?? '').replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000');
    writeFileSync(changed, lines.join('\n'));
    const { exit, stderr } = await program('replay', changed, '--from', '12', '--order', 'none');
    expect([exit, stderr]).toEqual([1, expect.stringContaining('REPLAY_DIVERGED: step 10: the state is another')]);
    expect((await program('replay', changed, '--from', '9', '--order', 'none')).exit).toBe(0);
  });
});

describe('replay with two agents', () => {
  it('compares them on the recorded faults, each as it plays alone', async () => {
    const { agents, firstDifference } = await document('--order', 'none', '--order', 'runbook');
    const alone = [await document('--order', 'none'), await document('--order', 'runbook')];
    expect(agents.map(({ verdict }: { verdict: object }) => verdict)).toEqual(alone.map(({ now }) => now.verdict));
    expect(agents[1].figures).toMatchObject({ repairs: alone[1].now.verdict.repairs });
    expect(firstDifference.order[0]).toBe('-');
    expect(firstDifference.order[1]).not.toBe('-');
  });

  it('shows them side by side, whatever stands first', async () => {
    const { exit, stdout } = await program('replay', '--order', 'none', '--order', 'runbook', file);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^small, seed 5, monkey as recorded\n +none +runbook\nverdict +\S/);
    expect(stdout).toMatch(/^share served +[\d.]+ % +[\d.]+ %$/m);
    expect(stdout).toMatch(/^The first different choice is that of step \d+, at \d+ s:$/m);
    expect(stdout).toMatch(/^ {2}> +\d+ +\d+ s +\S.* - +\S+ on \S+$/m);
  });

  it('can begin at a step, and compares on a fault script too', async () => {
    const [first = 0] = repairSteps;
    const { agents } = await document('--order', 'none', '--order', 'restart-everything', '--from', String(first));
    expect(agents[0].verdict.repairs).toBe(1);
    expect(agents[1].verdict).toEqual(recording.end?.verdict);
    const script = await program('replay', scenario, '--order', 'none', '--order', 'none');
    expect(script.stdout).toContain('small, seed 1, its own fault script\n');
    expect(script.stdout).toContain('none and none chose the same at every step.\n');
  });
});

describe('replay of a recording that was cut off', () => {
  const told = 'The recording ends at step 12 of 36: recorded faults are known up to there only.\n';

  it('says so beside the verdict of a branch and of a comparison', async () => {
    const branch = await program('replay', cutOff(12), '--order', 'none');
    expect(branch.stdout).toContain(told);
    const comparison = await program('replay', cutOff(12), '--order', 'none', '--order', 'runbook');
    expect(comparison.stdout).toContain(told);
    expect((await replay('--order', 'none')).stdout).not.toContain('The recording ends');
  });

  it('says so as data', async () => {
    const { stdout } = await program('replay', cutOff(0), '--order', 'none', '--order', 'runbook', '--json');
    const { agents } = JSON.parse(stdout);
    expect(agents.map(({ cutOff }: { cutOff: object }) => cutOff)).toEqual(Array(2).fill({ step: 0, ofSteps: 36 }));
    const before = await program('replay', cutOff(12), '--order', 'none', '--until', '12', '--json');
    expect(JSON.parse(before.stdout).cutOff).toBeNull();
    expect((await document('--order', 'none')).cutOff).toBeNull();
  });
});

describe('a fault that cannot be started', () => {
  const crowded = join(folder, 'crowded.yaml');
  const twice = [
    '  - { fault: disk.fill, target: store-disk-0, severity: mild, start: 30s }',
    '  - { fault: disk.fill, target: store-disk-1, severity: mild, start: 40s }',
  ];
  const inForce = 'disk.fill.mild on store-disk-0 at 30 s: a fault of this kind is in force there already\n';

  beforeAll(() => writeFileSync(crowded, `${readFileSync(scenario, 'utf8')}${twice.join('\n')}\n`));

  it('of a script is told with its reason, also without timeline', async () => {
    const { stdout } = await program('replay', crowded, '--order', 'none', '--no-timeline');
    expect(stdout).toContain(`\nFaults left out: 2, the first ${inForce}`);
    const timeline = await program('replay', crowded, '--order', 'none');
    expect(timeline.stdout).toMatch(
      /40 s {2}fault {4}disk.fill.mild on store-disk-1 left out: faults touch as many replicas there as they may/,
    );
  });

  it('of a script is counted for each of two agents', async () => {
    const { stdout } = await program('replay', crowded, '--order', 'none', '--order', 'none');
    expect(stdout).toMatch(/^faults left out +2 +2$/m);
    expect(stdout).toContain(`\nFaults left out with none: 2, the first ${inForce}`);
  });

  it('of a script is data', async () => {
    const { stdout } = await program('replay', crowded, '--order', 'none', '--json');
    const { faultsLeftOut, leftOut } = JSON.parse(stdout);
    expect(faultsLeftOut).toBe(2);
    expect(leftOut).toMatchObject([
      { timeSeconds: 30, verb: 'disk.fill.mild', component: 'store-disk-0', why: 'inForce' },
      { timeSeconds: 40, verb: 'disk.fill.mild', component: 'store-disk-1', why: 'replicaShare' },
    ]);
  });
});

describe('replay', () => {
  it('refuses a recording of other actions with who wrote it, also for a branch', async () => {
    const foreign = join(folder, 'foreign.jsonl');
    writeFileSync(foreign, readFileSync(file, 'utf8').replace(/"action":"[0-9a-f]{4}/, '"action":"0000'));
    for (const args of [[], ['--order', 'none']]) {
      const { exit, stderr } = await program('replay', foreign, ...args);
      expect([exit, stderr]).toEqual([
        2,
        expect.stringMatching(/error RECORDING_VERSION: .*: chaos has other actions\n/),
      ]);
      expect(stderr).toContain(`Replay it with ${recording.header.codeVersion}, or record the episode again: small,`);
    }
  });

  it.each([
    [['--from', '3'], '--from needs --order or --repair'],
    [['--record', 'x.jsonl'], '--record needs --order or --repair'],
    [['--from', '99', '--order', 'none'], 'the recording ends before that, after 36 steps'],
    [['--until', 'noon'], '--until noon is no moment'],
    [['--order', 'none', '--order', 'none', '--until', '3'], 'two agents are compared over whole episodes'],
    [['--order', 'a', '--order', 'b', '--order', 'c'], 'only two order agents'],
    [['--order', 'none', '--repair', 'service.restart on web at 3s'], 'both say who repairs'],
    [['--order'], '--order needs a value'],
    [['--engine', 'flow', '--order', 'none'], 'the engine it was recorded on'],
    [['--seed', '9'], 'the seed it was recorded with'],
    [['--seed', '9', '--order', 'none'], 'the seed it was recorded with'],
  ])('refuses %j', async (args, message) => {
    const { exit, stderr } = await replay(...args);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('has nothing to branch from in a scenario', async () => {
    const { exit, stderr } = await program('replay', scenario, '--from', '3');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('--from branches off a recording')]);
  });
});
