/**
 * `npm run kill-rounds -- [--rounds N] [--seed S] [--steps N] [--scenario FILE]`: one run is left alone; another with the
 * same settings is ended by `kill -9` at random moments while it starts (from demonstrations), trains or writes a
 * checkpoint, and resumed each time. Both must end in the same checkpoint, weights and metrics; exit code 1 if they do not.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { giveUp, root, setUp } from './setup.mjs';

const SETTINGS = [
  'environments: 8',
  'rolloutSteps: 16',
  'schedule: { firstIterations: 6, turnIterations: 6 }',
  'evaluation: { everyIterations: 15, episodes: 8 }',
  'coldStart: { order: { demonstrations: [{ policy: runbook, episodes: 10 }], rounds: 2, epochs: 4 } }',
  'roles: { order: { referenceWeight: 0.02 } }',
];
/** The longest wait for a checkpoint to be begun, before a round kills whatever is going on. */
const WRITE_WAIT_SECONDS = 20;

const { rounds, seed, steps, scenario } = readOptions();
if (!setUp()) giveUp('The build failed; its messages are above.');
const { RandomStream } = await import('../dist/base/index.js');
const { checkpointFiles, readCheckpointProgress } = await import('../dist/learn/index.js');

const folder = mkdtempSync(join(tmpdir(), 'kill-rounds-'));
const draws = new RandomStream(seed, 'kill rounds');
process.exitCode = await main();
rmSync(folder, { recursive: true, force: true });

function readOptions() {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { rounds: text, seed: text, steps: text, scenario: text } });
  const whole = (name, fallback) => {
    const value = Number(values[name] ?? fallback);
    if (!(Number.isSafeInteger(value) && value >= 1)) giveUp(`--${name} needs a whole number, at least 1.`);
    return value;
  };
  return {
    rounds: whole('rounds', 20),
    seed: whole('seed', 1),
    steps: whole('steps', 38_400),
    scenario: values.scenario ?? join(root, 'tests', 'cli', 'small-scenario.yaml'),
  };
}

async function main() {
  const [whole, killed] = ['whole', 'killed'].map((name) => join(folder, name));
  const config = join(folder, 'settings.yaml');
  writeFileSync(config, `${SETTINGS.join('\n')}\n`);
  const settings = ['--config', config, '--steps', String(steps), '--seed', String(seed)];
  const start = (out) => ['train', scenario, '--out', out, ...settings];
  const began = performance.now();
  const unbroken = train([...start(whole), '--workers', '1'], 'ignore');
  const startSeconds = await secondsUntil(() => existsSync(latestOf(whole)), unbroken, began);
  if ((await unbroken.ended) !== 0) giveUp('The unbroken run failed.');
  const trainSeconds = (performance.now() - began) / 1000 - startSeconds;
  console.log(
    `The unbroken run took ${startSeconds.toFixed(1)} s to its first checkpoint and ${trainSeconds.toFixed(1)} s more.`,
  );
  // On average a round trains for less than its share of the run, so that the last one still kills something.
  const span = { startSeconds, eachSeconds: (1.5 * trainSeconds) / rounds };
  for (let round = 1; round <= rounds; round += 1) await killOnce(round, killed, start(killed), span);
  const last = train(again(killed, start(killed)), 'inherit');
  if ((await last.ended) !== 0) giveUp('The last resume failed.');
  return verdict(whole, killed);
}

/** Starts or resumes the run and kills it after a random while. */
async function killOnce(round, run, start, { startSeconds, eachSeconds }) {
  const moment = ['starting', 'training', 'training', 'writing', 'writing'][draws.integer(5)];
  const workers = 1 + draws.integer(2);
  const share = draws.uniform();
  const began = performance.now();
  const child = train([...again(run, start), '--workers', String(workers)], 'inherit');
  const unlessEnded = (waiting) => Promise.race([waiting, child.ended]);
  if (moment === 'starting') await unlessEnded(sleep(1000 * share * startSeconds));
  else {
    await unlessEnded(untilWriting(join(run, 'checkpoint')));
    await unlessEnded(sleep(1000 * share * eachSeconds));
    if (moment === 'writing') await unlessEnded(untilWriting(join(run, 'checkpoint')));
  }
  child.process.kill('SIGKILL');
  const seconds = (performance.now() - began) / 1000;
  await child.ended;
  const unfinished = `${latestOf(run)}.unfinished`;
  const torn = existsSync(unfinished) ? `, a checkpoint was half written (${statSync(unfinished).size} bytes)` : '';
  console.log(
    `round ${String(round).padStart(2)}: killed while ${moment}, after ${seconds.toFixed(2)} s on ${threads(workers)}, ${progressOf(run)}${torn}`,
  );
}

function threads(count) {
  return count === 1 ? '1 thread' : `${count} threads`;
}

/** The command that goes on: a run that has not even left its run.json is started again. */
function again(run, start) {
  return existsSync(join(run, 'run.json')) ? ['train', '--resume', run] : start;
}

function train(args, stderr) {
  const program = join(root, 'dist', 'cli', 'main.js');
  const flags = ['--checkpoint-iterations', '1'];
  const child = spawn(process.execPath, [program, ...args, ...flags], { stdio: ['ignore', 'ignore', stderr] });
  return { process: child, ended: once(child, 'exit').then(([code]) => code) };
}

async function secondsUntil(holds, { process: child }, began) {
  while (!holds() && child.exitCode === null) await sleep(10);
  return (performance.now() - began) / 1000;
}

/** Resolves at the moment a checkpoint is begun. */
function untilWriting(checkpoints) {
  mkdirSync(checkpoints, { recursive: true });
  return new Promise((resolve) => {
    const limit = setTimeout(finish, 1000 * WRITE_WAIT_SECONDS);
    const watcher = watch(checkpoints, (_, name) => {
      if (name?.endsWith('.unfinished')) finish();
    });
    function finish() {
      clearTimeout(limit);
      watcher.close();
      resolve();
    }
  });
}

function latestOf(run) {
  return join(run, 'checkpoint', 'latest.checkpoint');
}

function progressOf(run) {
  const [file] = checkpointFiles(join(run, 'checkpoint'));
  if (file === undefined) return 'before its first checkpoint';
  const { iteration, steps: done } = readCheckpointProgress({ bytes: readFileSync(file), file });
  return `at iteration ${iteration}, step ${done} of ${steps}`;
}

/** Compares everything that does not speak of the clock or of the folder. */
function verdict(whole, killed) {
  const parts = ['checkpoint/latest.checkpoint', 'agents/order/weights.bin', 'agents/chaos/weights.bin'];
  const differing = parts.filter((part) => hashOf(join(whole, part)) !== hashOf(join(killed, part)));
  if (metricsOf(whole) !== metricsOf(killed)) differing.push('metrics.jsonl');
  if (differing.length > 0) {
    console.log(`FAIL after ${rounds} rounds these differ from the unbroken run: ${differing.join(', ')}`);
    return 1;
  }
  const weights = ['order', 'chaos'].map((role) => hashOf(join(killed, 'agents', role, 'weights.bin')).slice(0, 12));
  console.log(
    `ok   ${rounds} rounds, and the same checkpoint, weights (${weights.join(', ')}) and metrics as the unbroken run`,
  );
  return 0;
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function metricsOf(run) {
  const rows = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const timeless = rows.map((row) => Object.entries(JSON.parse(row)).filter(([name]) => !name.startsWith('time/')));
  return JSON.stringify(timeless);
}
