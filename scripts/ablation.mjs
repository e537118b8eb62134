/**
 * `npm run ablation -- [--variants a,b] [--seeds 3] [--steps N] [--episodes N] [--jobs 2] [--out DIR]`: trains every
 * variant in bench/ablation with several seeds and scores all order agents on the same held-out episodes, against
 * scripted chaos and against chaos agents of training seeds that no order agent has met. What is done already in the
 * folder is not done again, so the study can be stopped and continued.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { seedTable } from './seed-table.mjs';
import { giveUp, root, setUp } from './setup.mjs';

const SCENARIO = 'online-boutique';
/** Training seeds of the chaos agents that all order agents meet only here. */
const HELD_OUT_SEEDS = [101, 102, 103];
const BASELINES = ['runbook'];
const BENCHMARK_SEED = 7001;

const options = readOptions();
if (!setUp()) giveUp('The build failed; its messages are above.');
mkdirSync(options.out, { recursive: true });
const program = join(root, 'dist', 'cli', 'main.js');
await study(options);

function readOptions() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { variants: text, seeds: text, steps: text, episodes: text, jobs: text, out: text },
  });
  const folder = join(root, 'bench', 'ablation');
  const all = readdirSync(folder).map((file) => basename(file, '.yaml'));
  const variants = values.variants?.split(',') ?? all;
  const unknown = variants.find((name) => !all.includes(name));
  if (unknown !== undefined) giveUp(`There is no variant ${unknown}; there are ${all.join(', ')}.`);
  return {
    variants: variants.map((name) => {
      const file = join(folder, `${name}.yaml`);
      return { name, file, title: readFileSync(file, 'utf8').split('\n')[0].replace(/^# */, '') };
    }),
    seeds: Array.from({ length: whole(values.seeds, 3) }, (_, index) => index + 1),
    steps: whole(values.steps, 400_000),
    episodes: whole(values.episodes, 250),
    jobs: whole(values.jobs, 2),
    out: values.out ?? join(root, 'runs', 'ablation'),
  };
}

function whole(value, fallback) {
  const number = value === undefined ? fallback : Number(value);
  if (!Number.isSafeInteger(number) || number < 1) giveUp(`A whole number of at least 1 is needed; it is ${value}.`);
  return number;
}

async function study({ variants, seeds, steps, episodes, jobs, out }) {
  const full = variants.find(({ name }) => name === 'full') ?? variants[0];
  const heldOut = HELD_OUT_SEEDS.map((seed) => ({ variant: full, seed }));
  const runs = seeds.flatMap((seed) => variants.map((variant) => ({ variant, seed })));
  const folderOf = ({ variant, seed }) => join(out, `${variant.name}-${seed}`);
  await inParallel([...heldOut, ...runs], jobs, async (run) => {
    const folder = folderOf(run);
    if (existsSync(join(folder, 'done'))) return;
    const how = existsSync(join(folder, 'run.json'))
      ? ['--resume', folder]
      : [SCENARIO, '--config', run.variant.file, '--seed', String(run.seed), '--steps', String(steps), '--out', folder];
    await deeplOps(['train', ...how, '--workers', '1', '--json'], `${folder}.log`);
    writeFileSync(join(folder, 'done'), '');
  });
  const opponents = ['monkey', ...heldOut.map((run) => join(folderOf(run), 'agents', 'chaos'))];
  const players = [
    ...BASELINES.map((name) => ({ name, variant: null, seed: null, reference: name })),
    ...runs.map((run) => ({
      ...run,
      name: `${run.variant.name}-${run.seed}`,
      reference: join(folderOf(run), 'agents', 'order'),
    })),
  ];
  await inParallel(players, jobs, async ({ name, reference }) => {
    const folder = join(out, 'scores', name);
    if (existsSync(join(folder, 'results.json'))) return;
    const who = ['--order', reference, '--chaos', ...opponents];
    const size = ['--episodes', String(episodes), '--seed', String(BENCHMARK_SEED), '--workers', '1'];
    await deeplOps(['benchmark', SCENARIO, ...who, ...size, '--out', folder, '--json'], `${folder}.log`);
  });
  report({ variants, seeds, steps, episodes, players, out });
}

/** Runs jobs, so many at a time; the first failure ends all. */
async function inParallel(items, jobs, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

async function deeplOps(args, log) {
  console.error(`deepl-ops ${args.join(' ')}`);
  mkdirSync(join(log, '..'), { recursive: true });
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => text.push(data));
  const code = await new Promise((resolve) => child.once('close', resolve));
  writeFileSync(log, Buffer.concat(text));
  if (code !== 0) giveUp(`deepl-ops ${args[0]} failed; see ${log}.`);
}

function report({ variants, steps, episodes, players, out }) {
  const rows = [...BASELINES.map((name) => ({ name, title: name })), ...variants].map(({ name, title }) => {
    const own = players.filter((player) => (player.variant?.name ?? player.name) === name);
    const results = own.map((player) =>
      JSON.parse(readFileSync(join(out, 'scores', player.name, 'results.json'), 'utf8')),
    );
    return {
      title,
      monkey: results.map((each) => share(each, true)),
      heldOut: results.map((each) => share(each, false)),
      quiet: results.map(quietShare),
    };
  });
  const text = `${seedTable(rows)}\n\n${steps} decisions, ${episodes} episodes against each chaos agent.\n`;
  writeFileSync(join(out, 'table.md'), text);
  console.log(text);
}

/** Share of the episodes repaired against scripted chaos, or against the held-out chaos agents together. */
function share({ cells }, scripted) {
  const own = cells.filter(({ chaos }) => (chaos === 'monkey') === scripted);
  return own.reduce((sum, { repairSuccess }) => sum + repairSuccess.value, 0) / own.length;
}

function quietShare({ quiet }) {
  return quiet[0].falseRepair.value;
}
