/**
 * `npm run soak -- [--minutes N] [--growth MIB] [--workers W] [--scenario NAME]`: trains for so long and watches the memory
 * of the whole process, worker threads included; exit code 1 if it grew by more than the bound after the warm-up.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { giveUp, root, setUp } from './setup.mjs';

const MIB = 2 ** 20;
/** Everything that a run allocates late has been there by then: environments for evaluation, snapshots, every opponent. */
const WARM_UP_SHARE = 0.2;
const SAMPLE_SECONDS = 60;
/** More steps than any soak takes, so that only the clock ends it. */
const SETTINGS = { steps: 1e12, evaluation: { everyIterations: 20 } };

const { minutes, growth, workers, scenario } = readOptions();
if (!setUp()) giveUp('The build failed; its messages are above.');
const { parseTrainSettings, RunFolder, runTraining } = await import('../dist/learn/index.js');
const { readScenario } = await import('../dist/scenario/index.js');

const folder = mkdtempSync(join(tmpdir(), 'soak-'));
/** The lowest memory of each stretch of time: what is garbage comes and goes, what leaks stays. */
const series = [];
process.exitCode = await main();
rmSync(folder, { recursive: true, force: true });

function readOptions() {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { minutes: text, growth: text, workers: text, scenario: text } });
  const number = (name, least, fallback) => {
    const value = Number(values[name] ?? fallback);
    if (!(Number.isFinite(value) && value >= least)) giveUp(`--${name} needs a number, at least ${least}.`);
    return value;
  };
  return {
    minutes: number('minutes', 0.5, 30),
    growth: number('growth', 0, 32),
    workers: number('workers', 1, availableParallelism()),
    scenario: values.scenario ?? 'online-boutique',
  };
}

async function main() {
  const settings = parseTrainSettings(SETTINGS);
  const scenarios = [readScenario(join(root, 'scenarios', `${scenario}.yaml`))];
  const run = RunFolder.create(join(folder, 'run'), {
    settings,
    task: { name: 'contest', options: { scenarios, engine: 'flow', ...settings.contest } },
    about: { scenarios: [scenario] },
  });
  console.log(
    `Training on ${scenario} for ${minutes} minutes with ${workers === 1 ? '1 thread' : `${workers} threads`}; memory at the start ${mib()} MiB.`,
  );
  const started = performance.now();
  const outcome = await runTraining({
    folder: run,
    workers,
    minutes,
    checkpointIterations: 10,
    clockSeconds: () => performance.now() / 1000,
    onProgress: ({ report }) => sample((performance.now() - started) / 1000, report.iteration),
  });
  print(series.at(-1));
  console.log(`${outcome.iteration} iterations, ${Math.round(outcome.decisionsPerSecond)} decisions/s.`);
  return verdict();
}

/** Sample lengths are a minute, or a twentieth of a shorter soak. */
function sample(seconds, iteration) {
  const stretch = Math.min(SAMPLE_SECONDS, (60 * minutes) / 20);
  const number = Math.floor(seconds / stretch);
  const last = series.at(-1);
  if (last?.number !== number) {
    print(last);
    series.push({ number, minute: (number * stretch) / 60, lowest: mib(), highest: mib(), iteration });
    return;
  }
  last.lowest = Math.min(last.lowest, mib());
  last.highest = Math.max(last.highest, mib());
  last.iteration = iteration;
}

function print(entry) {
  if (entry === undefined) return;
  const { minute, lowest, highest, iteration } = entry;
  console.log(`minute ${minute.toFixed(1).padStart(5)}: ${lowest} to ${highest} MiB, iteration ${iteration}`);
}

function verdict() {
  const first = series.find(({ minute }) => minute >= WARM_UP_SHARE * minutes);
  const last = series.at(-1);
  if (first === undefined || first === last) giveUp('Too few iterations to judge: give it more minutes.');
  const grown = last.lowest - first.lowest;
  const words = `${first.lowest} MiB after the warm-up (minute ${first.minute.toFixed(1)}), ${last.lowest} MiB at the end: ${grown} MiB more`;
  console.log(grown > growth ? `FAIL ${words}, and ${growth} are allowed` : `ok   ${words}, ${growth} allowed`);
  return grown > growth ? 1 : 0;
}

function mib() {
  return Math.round(process.memoryUsage.rss() / MIB);
}
