/**
 * `npm run zero-shot -- [--steps N] [--episodes N] [--seed N] [--workers N] [--out DIR]`: trains one order agent on
 * Online Boutique and generated clusters of up to 15 services, after a cold start from the runbook, then scores it as it
 * is on generated clusters of 20, 40 and 80 services that it has never seen, beside doing nothing, the runbook and, in a
 * few episodes on one cluster of each size, the planner.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { giveUp, root, setUp } from './setup.mjs';

/** Clusters to learn on: services and the seed of the generator. */
const TRAINING = [8, 10, 12, 15].map((services) => ({ services, seed: services }));
/** Clusters to be scored on, two of each size; the planner's search takes too long to play them all. */
const HELD_OUT = [20, 40, 80].flatMap((services) => [
  { services, seed: 1001, planned: true },
  { services, seed: 1002, planned: false },
]);
const BENCHMARK_SEED = 7002;

const text = { type: 'string' };
const { values } = parseArgs({
  options: { steps: text, episodes: text, planner: text, seed: text, workers: text, out: text },
});
const out = values.out ?? join(root, 'runs', 'zero-shot');
if (!setUp()) giveUp('The build failed; its messages are above.');
mkdirSync(out, { recursive: true });
const training = ['online-boutique', ...TRAINING.map(generate)];
const run = join(out, 'run');
if (!existsSync(join(out, 'trained'))) {
  const size = ['--steps', values.steps ?? '600000', '--seed', values.seed ?? '1'];
  const how = existsSync(join(run, 'run.json'))
    ? ['--resume', run]
    : [...training, '--imitate', 'runbook', '--out', run, ...size];
  deeplOps(['train', ...how, '--workers', values.workers ?? '2']);
  writeFileSync(join(out, 'trained'), '');
}
const agent = join(run, 'agents', 'order');
const rows = HELD_OUT.map((cluster) => {
  const scenario = generate(cluster);
  const cells = [
    ...score(scenario, { order: ['none', 'runbook', agent], episodes: values.episodes ?? '100', as: 'agents' }),
    ...(cluster.planned ? score(scenario, { order: ['planner'], episodes: values.planner ?? '3', as: 'planner' }) : []),
  ];
  const texts = cells.map(cell);
  if (!cluster.planned) texts.push('-');
  return `| ${cluster.services} services, seed ${cluster.seed} | ${texts.join(' | ')} |`;
});
const table = ['| cluster | none | runbook | trained agent | planner |', '|---|---|---|---|---|', ...rows].join('\n');
writeFileSync(join(out, 'table.md'), `${table}\n`);
console.log(table);

function generate({ services, seed }) {
  const file = join(out, 'clusters', `${services}-${seed}.yaml`);
  if (!existsSync(file)) deeplOps(['generate', '--services', String(services), '--seed', String(seed), '--out', file]);
  return file;
}

function score(scenario, { order, episodes, as }) {
  const folder = join(out, 'scores', `${scenario.split('/').at(-1).replace('.yaml', '')}-${as}`);
  if (!existsSync(join(folder, 'results.json'))) {
    const size = ['--episodes', episodes, '--seed', String(BENCHMARK_SEED), '--workers', values.workers ?? '2'];
    deeplOps(['benchmark', scenario, '--order', ...order, '--chaos', 'monkey', ...size, '--out', folder]);
  }
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')).cells;
}

function cell({ repairSuccess: { value, low, high }, contested }) {
  return `${(100 * value).toFixed(0)} % (${(100 * low).toFixed(0)}-${(100 * high).toFixed(0)}) of ${contested}`;
}

function deeplOps(args) {
  console.error(`deepl-ops ${args.join(' ')}`);
  const program = join(root, 'dist', 'cli', 'main.js');
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) giveUp(`deepl-ops ${args[0]} failed; its message is above.`);
}
