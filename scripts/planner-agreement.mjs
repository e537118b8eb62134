/**
 * `npm run planner-agreement -- MODEL [--episodes N] [--scenario NAME] [--seed N]`: how often an exported model names the
 * repair the planner would choose, on signals documents of moments in which the planner repairs something.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, root, setUp } from './setup.mjs';

if (!setUp()) giveUp('The build failed; its messages are above.');
const { loadOrderModel } = await import('../dist/decide/index.js');
const { createEnvironment } = await import('../dist/environment/index.js');
const { findPolicy } = await import('../dist/policies/index.js');
const { readScenario } = await import('../dist/scenario/index.js');
const { agreementOf, comparePlanner } = await import('../dist/validation/index.js');

/** Losing the objective of all users for a minute costs about 1. */
const STAKE = 0.25;
const [folder, ...words] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-')) giveUp('Name the folder of an exported model.');
const option = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
const named = option('--scenario', 'online-boutique');
const file = existsSync(named) ? named : join(root, 'scenarios', `${named}.yaml`);
const environment = createEnvironment(readScenario(file), { engine: 'flow' });
const { lookAhead } = environment;
const rows = [];
for (const row of comparePlanner({
  model: loadOrderModel(folder),
  environment,
  chaos: findPolicy('monkey').make({ lookAhead }),
  planner: findPolicy('planner').make({ lookAhead }),
  episodes: Number(option('--episodes', '20')),
  seed: Number(option('--seed', '1')),
})) {
  rows.push(row);
  const gain = `${row.gain.toFixed(2)} ${row.advisedGain.toFixed(2)} ${row.firstGain.toFixed(2)} ${row.topGain.toFixed(2)}`;
  console.log(`${row.visible ? 'seen  ' : 'unseen'} ${row.planned.padEnd(44)} ${row.advised.padEnd(44)} ${gain}`);
}
const verbs = [...new Set(rows.map(({ planned }) => planned.split(' on ')[0]))].sort();
for (const [title, part] of [
  ['all moments', rows],
  ['moments in which signals show that something is wrong', rows.filter(({ visible }) => visible)],
  [`moments in which at least ${STAKE} of reward is at stake`, rows.filter(({ gain }) => gain >= STAKE)],
  ...verbs.map((verb) => [`the planner chooses ${verb}`, rows.filter(({ planned }) => planned.startsWith(`${verb} `))]),
]) {
  console.log(`\n${title}`);
  for (const [what, value] of Object.entries(agreementOf(part))) {
    console.log(`  ${what.padEnd(14)} ${what === 'moments' ? value : `${(100 * value).toFixed(1)} %`}`);
  }
}
