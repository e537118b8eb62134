/** `decide`: failure information in, ranked repairs out, with the rule that fired; or why the model abstains. */

import { readFileSync } from 'node:fs';
import { DeeplOpsError, readTextFile } from '../../base/index.ts';
import { type Decision, loadOrderModel } from '../../decide/index.ts';
import { parseYaml, type YamlSource } from '../../scenario/index.ts';
import { type Command, defineCommand } from '../command.ts';
import { decisionText } from '../decision-text.ts';

export const decideCommand: Command = defineCommand({
  usage: 'decide',
  summary: 'Ask an exported order model what to repair: signals or alerts in, ranked repairs with reasons out',
  options: {
    model: { type: 'string', demandOption: true, describe: 'Folder that `deepl-ops export` wrote' },
    input: {
      type: 'string',
      demandOption: true,
      describe: 'Signals document (JSON or YAML), or Alertmanager webhook payload (version 4); - reads standard input',
    },
    topology: { type: 'string', describe: 'Topology map: components, what needs what, which alert means which one' },
    alerts: { type: 'string', describe: 'Alertmanager webhook payload beside a signals document' },
    now: {
      type: 'string',
      describe:
        'Moment of the decision, for documents of another time (default: the present; for a webhook, when its newest alert began)',
    },
  },
  examples: [
    ['deepl-ops decide --model order-model --input signals.yaml', 'What to repair now?'],
    [
      'deepl-ops decide --model order-model --input alert.json --topology shop.topology.yaml',
      'What does an alert call for?',
    ],
  ],
  run: async ({ model: folder, input, topology, alerts, now }, { output }) => {
    const model = loadOrderModel(folder);
    const observation = readDocument(input);
    const map = topology === undefined ? undefined : readDocument(topology);
    const others = alerts === undefined ? undefined : readDocument(alerts);
    const decision = model.decide(observation.value, {
      locate: observation.locate,
      ...(map === undefined ? {} : { topology: map.value, locateTopology: map.locate }),
      ...(others === undefined ? {} : { alerts: others.value, locateAlerts: others.locate }),
      ...momentOf(now),
    });
    output.result(decision, () => decisionText(decision));
    return exitCodeOf(decision);
  },
});

/** An abstention is work that ran and came to nothing. */
function exitCodeOf({ abstains }: Decision): number {
  return abstains ? 1 : 0;
}

function momentOf(now: string | undefined): { readonly now?: string } {
  if (now === undefined) return {};
  if (Number.isNaN(Date.parse(now))) {
    throw new DeeplOpsError('USAGE', `--now: ${now} is no moment`, { hint: 'Write it like 2026-11-22T10:21:09Z.' });
  }
  return { now: new Date(now).toISOString() };
}

/** JSON is YAML too, so that one reader with places serves both. */
function readDocument(file: string): YamlSource {
  if (file === '-') return parseYaml(readFileSync(0, 'utf8'), { file: 'standard input' });
  return parseYaml(readTextFile(file), { file });
}
