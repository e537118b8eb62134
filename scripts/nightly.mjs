/**
 * `npm run nightly -- [--episodes N] [--engine flow|request] [--first SEED] [--workers W] [--minutes M]`: the fuzz over
 * random scenarios, faults and repairs, on all cores; `--seed SEED --engine E` plays one case again and thins it out.
 * Exit code 1 if something did not hold.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { giveUp, setUp } from './setup.mjs';

const PROGRESS_SECONDS = 5;
const FAILURES_SHOWN = 20;

if (isMainThread) await main();
else await work(workerData);

async function main() {
  const options = readOptions();
  if (!setUp()) giveUp('The build failed; its messages are above.');
  process.exitCode = options.seed === undefined ? await runAll(options) : await runOne(options);
}

function readOptions() {
  const number = { type: 'string' };
  const { values } = parseArgs({
    options: { episodes: number, engine: number, first: number, workers: number, minutes: number, seed: number },
  });
  const whole = (name, least, fallback) => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      giveUp(`--${name} needs a whole number, at least ${least}; it is ${values[name]}.`);
    }
    return value;
  };
  if (values.engine !== undefined && !['flow', 'request'].includes(values.engine)) {
    giveUp(`There is no engine ${values.engine}; write flow or request.`);
  }
  return {
    engines: values.engine === undefined ? ['flow', 'request'] : [values.engine],
    episodes: whole('episodes', 1, 10_000),
    first: whole('first', 0, 1),
    workers: whole('workers', 1, availableParallelism()),
    minutes: whole('minutes', 1, undefined),
    seed: whole('seed', 0, undefined),
  };
}

/** Episodes are dealt out one by one: engines in turn, seeds from the first on. */
async function runAll({ engines, episodes, first, workers, minutes }) {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const next = new Int32Array(new SharedArrayBuffer(8));
  const sum = { episodes: 0, steps: 0, refused: 0, failures: [] };
  const progress = setInterval(() => print(sum, seconds()), PROGRESS_SECONDS * 1000);
  const stop = () => Atomics.store(next, 1, 1);
  const limit = minutes === undefined ? undefined : setTimeout(stop, minutes * 60_000);
  process.once('SIGINT', stop);
  await Promise.all(
    Array.from({ length: workers }, () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { engines, episodes, first, next } });
      worker.on('message', (summary) => add(sum, summary));
      return new Promise((resolve, reject) => worker.once('error', reject).once('exit', resolve));
    }),
  );
  clearInterval(progress);
  clearTimeout(limit);
  print(sum, seconds());
  printFailures(sum.failures);
  return sum.failures.length === 0 ? 0 : 1;
}

function add(sum, summary) {
  sum.episodes += summary.episodes;
  sum.steps += summary.steps;
  sum.refused += Object.values(summary.refused).reduce((all, count) => all + count, 0);
  sum.failures.push(...summary.failures);
  for (const failure of summary.failures) console.log(`FAIL ${inWords(failure)}`);
}

function print({ episodes, steps, refused, failures }, seconds) {
  const rate = (episodes / seconds).toFixed(1);
  const words = [`${episodes} episodes`, `${steps} steps`, `${failures.length} failures`, `${seconds.toFixed(0)} s`];
  console.log(`${words.join(', ')} (${rate} episodes/s; ${refused} drawn scenarios refused by the reader)`);
}

function printFailures(failures) {
  const kinds = [...byCheck(failures).entries()].sort(([, one], [, other]) => other.length - one.length);
  for (const [check, of] of kinds.slice(0, FAILURES_SHOWN)) {
    console.log(`\n${of.length} x ${check}\n  ${inWords(of[0])}\n  ${command(of[0])}`);
  }
}

function byCheck(failures) {
  const groups = new Map();
  for (const failure of failures) groups.set(failure.check, [...(groups.get(failure.check) ?? []), failure]);
  return groups;
}

function inWords({ engine, seed, step, check, what }) {
  return `${engine} ${seed}, step ${step}: ${check} (${what})`;
}

function command({ engine, seed }) {
  return `npm run nightly -- --engine ${engine} --seed ${seed}`;
}

async function runOne({ engines, seed }) {
  const { shrinkFuzz } = await import('../dist/validation/index.js');
  let failed = false;
  for (const engine of engines) {
    const failure = shrinkFuzz(engine, seed);
    failed ||= failure !== null;
    console.log(failure === null ? `${engine} ${seed}: all held` : `FAIL ${inWords(failure)}`);
    for (const move of failure?.moves ?? []) console.log(`  ${move}`);
  }
  return failed ? 1 : 0;
}

async function work({ engines, episodes, first, next }) {
  const { runFuzz } = await import('../dist/validation/index.js');
  for (;;) {
    const index = Atomics.add(next, 0, 1);
    if (index >= episodes || Atomics.load(next, 1) === 1) return;
    const engine = engines[index % engines.length];
    const firstSeed = first + Math.floor(index / engines.length);
    parentPort.postMessage(runFuzz({ engine, firstSeed, episodes: 1 }));
  }
}
