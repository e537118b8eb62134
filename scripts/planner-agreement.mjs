/**
 * `npm run planner-agreement -- MODEL [--on online-boutique|outages|FILE]... [--order AGENT] [--moments all|alarms]
 * [--episodes N] [--seed N]`: how often an exported model names the repair the planner would choose, on signals documents
 * of moments in which the planner repairs something. Outages run their scripts, other scenarios meet scripted chaos.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { giveUp, root, setUp } from './setup.mjs';

/** Losing the objective of all users for a minute costs about 1. */
const STAKE = 0.25;
const text = { type: 'string' };
// A flag, a file or an agent that does not exist is the user's to mend: the message is enough.
process.on('uncaughtException', ({ message }) => giveUp(message));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    on: { type: 'string', multiple: true, default: ['online-boutique'] },
    order: { type: 'string', default: 'planner' },
    moments: { type: 'string', default: 'all' },
    episodes: text,
    seed: text,
  },
});
const [folder] = positionals;
if (folder === undefined) giveUp('Name the folder of an exported model.');
if (!['all', 'alarms'].includes(values.moments)) giveUp('--moments is all or alarms.');
if (!setUp()) giveUp('The build failed; its messages are above.');
const { loadOrderModel } = await import('../dist/decide/index.js');
const { createEnvironment } = await import('../dist/environment/index.js');
const { AgentLibrary } = await import('../dist/replay/index.js');
const { findPolicy } = await import('../dist/policies/index.js');
const { readScenario } = await import('../dist/scenario/index.js');
const { agreementOf, comparePlanner } = await import('../dist/validation/index.js');

const model = loadOrderModel(folder);
const rows = values.on.flatMap(scenarioFiles).flatMap(compare);
report(rows);

function scenarioFiles(name) {
  const library = join(root, 'scenarios', 'outages');
  if (name === 'outages') return readdirSync(library).map((file) => ({ file: join(library, file), script: true }));
  if (existsSync(name)) return [{ file: name, script: false }];
  const outage = join(library, `${name}.yaml`);
  if (existsSync(outage)) return [{ file: outage, script: true }];
  return [{ file: join(root, 'scenarios', `${name}.yaml`), script: false }];
}

function compare({ file, script }) {
  const environment = createEnvironment(readScenario(file), { engine: 'flow', script });
  const { lookAhead } = environment;
  const planner = findPolicy('planner').make({ lookAhead });
  const found = [];
  for (const row of comparePlanner({
    model,
    environment,
    chaos: findPolicy(script ? 'none' : 'monkey').make({ lookAhead }),
    order: values.order === 'planner' ? planner : orderOf(lookAhead),
    planner,
    again: findPolicy('planner').make({ lookAhead }),
    episodes: Number(values.episodes ?? (script ? 2 : 20)),
    seed: Number(values.seed ?? 1),
    moments: values.moments,
  })) {
    found.push(row);
    printRow(row);
  }
  return found;
}

function orderOf(lookAhead) {
  return new AgentLibrary(join(root, 'agents')).find(values.order, 'order').make({ lookAhead });
}

function printRow({ scenario, visible, planned, advised, named, gain, advisedGain, firstGain, topGain }) {
  const gains = [gain, advisedGain, firstGain, topGain].map((value) => value.toFixed(2)).join(' ');
  const said = ['-', 'wait'].includes(advised) ? `${advised} (${named[0]})` : advised;
  console.log(
    `${scenario.padEnd(20)} ${visible ? 'seen  ' : 'unseen'} ${planned.padEnd(44)} ${said.padEnd(52)} ${gains}`,
  );
}

function report(all) {
  const verbs = [...new Set(all.map(({ planned }) => planned.split(' on ')[0]))].sort();
  const scenarios = [...new Set(all.map(({ scenario }) => scenario))];
  for (const [title, part] of [
    ['all moments', all],
    ['moments in which signals show that something is wrong', all.filter(({ visible }) => visible)],
    [
      'moments in which the planner, asked again with other dice, chooses the same',
      all.filter(({ planned, plannedAgain }) => planned === plannedAgain),
    ],
    [`moments in which at least ${STAKE} of reward is at stake`, all.filter(({ gain }) => gain >= STAKE)],
    ...verbs.map((verb) => [
      `the planner chooses ${verb}`,
      all.filter(({ planned }) => planned.startsWith(`${verb} `)),
    ]),
    ...scenarios.map((name) => [name, all.filter(({ scenario }) => scenario === name)]),
  ]) {
    console.log(`\n${title}`);
    for (const [what, value] of Object.entries(agreementOf(part))) {
      console.log(`  ${what.padEnd(14)} ${what === 'moments' ? value : `${(100 * value).toFixed(1)} %`}`);
    }
  }
}
