/**
 * `npm run planted-bugs -- [--all] [NAME...]`: plants known bugs of PPO implementations one by one in a copy of the
 * sources and shows which tests catch each; exit code 1 if one stays unseen. `--all` runs the long learning tests too
 * where the short ones see nothing.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveUp, root, setUp } from './setup.mjs';

/** A bug is a replacement in a file of the learner; the text must be found exactly once. */
const bugs = [
  {
    name: 'advantage-sign',
    meaning: 'the update makes good choices rarer',
    file: 'src/learn/ppo-update.ts',
    find: '(advantages[slot]! - mean) * factor : 0',
    plant: '(mean - advantages[slot]!) * factor : 0',
  },
  {
    name: 'no-advantage-normalisation',
    meaning: 'advantages enter the loss as they are',
    file: 'src/learn/ppo-update.ts',
    find: '(advantages[slot]! - mean) * factor : 0',
    plant: 'advantages[slot]! : 0',
  },
  {
    name: 'truncation-as-end',
    meaning: 'nothing of value follows where an episode was cut',
    file: 'src/learn/advantages.ts',
    find: 'terminated[at] === 1 ? 0 : finalValues[at]!',
    plant: '0',
  },
  {
    name: 'end-as-truncation',
    meaning: 'a natural end is valued like a cut',
    file: 'src/learn/advantages.ts',
    find: 'terminated[at] === 1 ? 0 : finalValues[at]!',
    plant: 'finalValues[at]!',
  },
  {
    name: 'advantage-across-episodes',
    meaning: 'advantages flow from one episode into the one before',
    file: 'src/learn/advantages.ts',
    find: '      nextAdvantage = 0;\n    }',
    plant: '    }',
  },
  {
    name: 'no-elapsed-time',
    meaning: 'steps of unequal length are discounted alike',
    file: 'src/learn/rollout-shard.ts',
    find: 'return decisions === 1 ? discount : pow(discount, decisions);',
    plant: 'return decisions > 0 ? discount : pow(discount, decisions);',
  },
  {
    name: 'mask-only-in-rollout',
    meaning: 'the update spreads probability over choices that were not legal',
    file: 'src/learn/gradient-job.ts',
    find: 'mask: storage.mask,',
    plant: 'mask: new Uint8Array(storage.mask.length).fill(1),',
  },
  {
    name: 'stale-log-probabilities',
    meaning: 'ratios are taken against the first policy that ever filled the storage',
    file: 'src/learn/rollout-shard.ts',
    find: 'storage.logProbabilities[row] = categorical.logProbability;',
    plant: 'storage.logProbabilities[row] ||= categorical.logProbability;',
  },
  {
    name: 'unclipped',
    meaning: 'an update may move probabilities as far as it likes',
    file: 'src/learn/minibatch-gradient.ts',
    find: 'lossSettings[LOSS_SETTINGS.clipRange] = loss.clipRange;',
    plant: 'lossSettings[LOSS_SETTINGS.clipRange] = loss.clipRange * 1e6;',
  },
  {
    name: 'entropy-sign',
    meaning: 'indecision is punished instead of rewarded',
    file: 'src/learn/minibatch-gradient.ts',
    find: 'lossSettings[LOSS_SETTINGS.entropyWeight] = loss.entropyWeight;',
    plant: 'lossSettings[LOSS_SETTINGS.entropyWeight] = -loss.entropyWeight;',
  },
  {
    name: 'values-not-learned',
    meaning: 'the value loss has no weight',
    file: 'src/learn/minibatch-gradient.ts',
    find: 'lossSettings[LOSS_SETTINGS.valueWeight] = loss.valueWeight;',
    plant: 'lossSettings[LOSS_SETTINGS.valueWeight] = 0 * loss.valueWeight;',
  },
  {
    name: 'choices-of-others',
    meaning: 'the loss pairs observations with the choices of other samples',
    file: 'src/neural/ppo-loss.ts',
    find: 'batch.choices[row]!',
    plant: 'batch.choices[position]!',
  },
  {
    name: 'no-gradient-clipping',
    meaning: 'long gradients are not shortened',
    file: 'src/neural/adam.ts',
    find: 'if (length > lengthMax) {',
    plant: 'if (length > 1e30 * lengthMax) {',
  },
  {
    name: 'no-bias-correction',
    meaning: 'the first steps of Adam are too short',
    file: 'src/neural/adam.ts',
    find: 'const stepSize = learningRate / (1 - this.decay1);',
    plant: 'const stepSize = learningRate;',
  },
  {
    name: 'lost-shard',
    meaning: 'the reduction leaves out the last shard of gradients',
    file: 'src/learn/minibatch-gradient.ts',
    find: 'shard < dimensions.gradientShards; shard++',
    plant: 'shard < Math.max(1, dimensions.gradientShards - 1); shard++',
  },
  {
    name: 'optimiser-forgotten',
    meaning: 'a resumed run starts with an empty Adam',
    file: 'src/neural/adam.ts',
    find: '    this.means.set(state.means);\n',
    plant: '',
  },
];

const shortTests = ['tests/learn', 'tests/neural'];
const words = process.argv.slice(2);
const all = words.includes('--all');
const names = words.filter((word) => !word.startsWith('--'));
const chosen = bugs.filter(({ name }) => names.length === 0 || names.includes(name));
if (chosen.length === 0) giveUp(`No such bug; there are ${bugs.map(({ name }) => name).join(', ')}.`);
if (!setUp()) giveUp('The build failed; its messages are above.');

const copy = mkdtempSync(join(tmpdir(), 'planted-'));
const copied = ['src', 'assembly', 'tests', 'scripts', 'scenarios', 'agents', 'docs', 'package.json'];
for (const name of [
  ...copied,
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
  'vitest.learning.config.ts',
]) {
  if (existsSync(join(root, name))) cpSync(join(root, name), join(copy, name), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
let unseen = 0;
try {
  const clean = failing(shortTests);
  if (clean.length > 0) giveUp(`Without any bug these tests fail already: ${clean.join('; ')}`);
  for (const bug of chosen) if (!tryOut(bug)) unseen += 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(unseen === 0 ? `All ${chosen.length} caught.` : `${unseen} of ${chosen.length} not caught.`);
process.exitCode = unseen === 0 ? 0 : 1;

/** Plants a bug, prints what catches it, and takes it out again. */
function tryOut({ name, meaning, file, find, plant }) {
  const path = join(copy, file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(find).length !== 2) giveUp(`${name}: the place to plant it in ${file} is not there exactly once.`);
  writeFileSync(
    path,
    sound.replace(find, () => plant),
  );
  const short = failing(shortTests);
  const caught = short.length > 0 || !all ? short : failing(['tests/learning/reference-tasks.test.ts'], 'learning');
  writeFileSync(path, sound);
  console.log(`${caught.length > 0 ? 'caught' : 'UNSEEN'}  ${name}: ${meaning}`);
  for (const test of caught.slice(0, 4)) console.log(`          ${test}`);
  if (caught.length > 4) console.log(`          and ${caught.length - 4} more`);
  return caught.length > 0;
}

/** Names of the tests that fail in the copy. */
function failing(files, config) {
  const output = join(copy, 'results.json');
  rmSync(output, { force: true });
  const extra = config === undefined ? [] : ['--config', `vitest.${config}.config.ts`];
  const runner = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporter = ['--reporter=json', `--outputFile=${output}`];
  const { stderr } = spawnSync(process.execPath, [runner, 'run', ...extra, ...reporter, ...files], {
    cwd: copy,
    encoding: 'utf8',
  });
  if (!existsSync(output)) giveUp(`The tests did not run:\n${stderr}`);
  const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
  return testResults.flatMap(({ name, status, assertionResults }) =>
    status === 'failed' && assertionResults.length === 0
      ? [`${name} did not load`]
      : assertionResults.filter((each) => each.status === 'failed').map(({ fullName }) => fullName),
  );
}
