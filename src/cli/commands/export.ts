/** `export`: a trained agent as a model that other programs, and people on call, can use; what chaos did for other tools. */

import { distillDefaults } from '../../distill/index.ts';
import { type Command, defineCommand } from '../command.ts';
import { exportAs, exportAsFlags } from '../export-as.ts';
import { exportModel } from '../export-model.ts';

export const exportCommand: Command = defineCommand({
  usage: 'export <agent>',
  summary: 'Export a trained agent: rules to read, its network for TensorFlow.js and ONNX, and a card that tells all',
  positionals: {
    agent: {
      type: 'string',
      demandOption: true,
      describe: 'Agent folder, or name of a shipped agent; with --as a recording or a scenario',
    },
  },
  options: {
    out: { type: 'string', demandOption: true, describe: 'Folder to write the model to; with --as a file or a folder' },
    scenario: {
      type: 'string',
      array: true,
      describe: 'Scenarios the rules are made and measured on (default: those the agent was trained on)',
    },
    chaos: { type: 'string', array: true, default: ['monkey'], describe: 'Who breaks them: names or agent folders' },
    rounds: {
      type: 'number',
      integer: true,
      minimum: 1,
      default: distillDefaults.rounds,
      describe: 'Rounds of imitation',
    },
    'test-episodes': {
      type: 'number',
      integer: true,
      minimum: 10,
      default: distillDefaults.testEpisodes,
      describe: 'Episodes that rules and network are measured by at the end',
    },
    'network-only': { type: 'boolean', default: false, describe: 'Leave out the rules and what `decide` needs' },
    ...exportAsFlags,
  },
  examples: [
    ['deepl-ops export runs/shop/agents/order --out order-model', 'Some ten minutes: the rules are made by playing'],
    ['deepl-ops export runs/shop/agents/order --out order-model --network-only', 'The network and its card alone'],
    [
      'deepl-ops export episode.jsonl --as chaos-mesh --out storm.yaml',
      'What chaos did, for a real cluster: a Workflow',
    ],
    ['deepl-ops export metastable --as chaos-mesh --out storm/ --namespace shop', 'The same, an object a fault'],
    ['deepl-ops export episode.jsonl --as chaos-toolkit --out journal.json', 'A journal of the run'],
  ],
  run: async (values, context) => {
    const { agent: reference, out, as, scenario, chaos, rounds, testEpisodes, networkOnly, ...names } = values;
    if (as !== undefined) return await exportAs({ as, reference, out, ...names }, context);
    await exportModel({ reference, out, scenario, chaos, rounds, testEpisodes, networkOnly }, context);
  },
});
