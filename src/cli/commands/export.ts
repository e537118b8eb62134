/** `export`: a trained agent as a model that other programs can run. */

import { join } from 'node:path';
import { DeeplOpsError } from '../../base/index.ts';
import type { PerRole, RoleSpec } from '../../contract/index.ts';
import { contestSpecs } from '../../environment/index.ts';
import { orderModelFiles, readAgent, writeOrderModel } from '../../model/index.ts';
import { findAgentFolder } from '../agent-folder.ts';
import { codeVersion } from '../code-version.ts';
import { type Command, defineCommand } from '../command.ts';
import { exportAs, exportAsFlags } from '../export-as.ts';

export const exportCommand: Command = defineCommand({
  usage: 'export <agent>',
  summary: 'Export a trained agent as a model for TensorFlow.js and ONNX, with its card and vectors to check it by',
  positionals: {
    agent: {
      type: 'string',
      demandOption: true,
      describe: 'Agent folder, or name of a shipped agent; with --as a recording or a scenario',
    },
  },
  options: {
    out: { type: 'string', demandOption: true, describe: 'Folder to write the model to; with --as a file or a folder' },
    ...exportAsFlags,
  },
  examples: [
    [
      'deepl-ops export runs/shop/agents/order --out order-model',
      'model.json, weights.bin, model.onnx, card.json, golden.json',
    ],
    [
      'deepl-ops export episode.jsonl --as chaos-mesh --out storm.yaml',
      'What chaos did, for a real cluster: a Workflow',
    ],
    ['deepl-ops export metastable --as chaos-mesh --out storm/ --namespace shop', 'The same, an object a fault'],
    ['deepl-ops export episode.jsonl --as chaos-toolkit --out journal.json', 'A journal of the run'],
  ],
  run: async ({ agent: reference, out, as, ...names }, context) => {
    if (as !== undefined) return await exportAs({ as, reference, out, ...names }, context);
    const { output } = context;
    const { agent, card } = readAgent(findAgentFolder(reference));
    const { training, scores } = card;
    const files = orderModelFiles(agent, { spec: specOf(agent.role), training, scores, codeVersion: codeVersion() });
    writeOrderModel(out, files);
    const paths = Object.keys(files).map((name) => join(out, name));
    output.result(
      { agent: agent.name, role: agent.role, out, files: paths },
      `${agent.name} (${agent.role}) exported; card.json tells how to feed it\n${paths.map((path) => `  ${path}`).join('\n')}`,
    );
  },
});

function specOf(role: string): RoleSpec {
  const specs: PerRole<RoleSpec> = contestSpecs();
  const spec = specs[role];
  if (spec) return spec;
  throw new DeeplOpsError('SPEC_MISMATCH', `the agent plays ${role}, which is no role of the contest`);
}
