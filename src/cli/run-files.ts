/** What lies in a run's folder from its beginning, so that the run can be repeated from the folder alone. */
import { basename, extname, join } from 'node:path';
import { stringify } from 'yaml';
import { readTextFile } from '../base/index.ts';
import type { TrainSettings } from '../learn/index.ts';
import { copiedDemonstrations } from './demonstrations.ts';
import { copiedStart } from './start-agents.ts';

/** What the files are made of. */
export interface RunOrigin {
  readonly scenarios: readonly { readonly file: string; readonly text: string }[];
  /** The settings file as the user gave it. */
  readonly config: string | undefined;
  readonly settings: TrainSettings;
  readonly about: Readonly<Record<string, unknown>>;
}

/** Texts by their names in the folder. */
export function runFiles({ scenarios, config, settings, about }: RunOrigin): Record<string, string> {
  const names = scenarios.map(({ file }, index) => scenarioName(scenarios, file, index));
  const command = repeatCommand(names, about);
  const files: Record<string, string> = {};
  for (const [index, { text }] of scenarios.entries()) files[names[index] ?? ''] = text;
  if (config !== undefined) files[`config${extname(config) || '.yaml'}`] = readTextFile(config);
  files['settings.yaml'] =
    `# All settings of this run, the defaults of its version of the program included.\n# To repeat it, from this folder: ${command}\n${stringify(copiedStart(copiedDemonstrations(settings)), { aliasDuplicateObjects: false })}`;
  files['README.md'] = readme(command, settings, about);
  return files;
}

/** Two files of one name are told apart by their numbers. */
function scenarioName(scenarios: RunOrigin['scenarios'], file: string, index: number): string {
  const own = basename(file);
  const alone = scenarios.filter((other) => basename(other.file) === own).length === 1;
  return join('scenarios', alone ? own : `${index + 1}-${own}`);
}

function repeatCommand(scenarios: readonly string[], { engine }: RunOrigin['about']): string {
  const files = scenarios.map((name) => (/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`));
  const engineFlag = engine === 'flow' ? '' : ` --engine ${String(engine)}`;
  return `deepl-ops train ${files.join(' ')}${engineFlag} --config settings.yaml --out ../again`;
}

function readme(command: string, { seed }: TrainSettings, about: RunOrigin['about']): string {
  const { scenarios, codeVersion, nodeVersion, startedAt } = about;
  return `# A training run of deepl-ops

Scenarios ${String(scenarios)}; seed ${seed}; begun ${String(startedAt)} with version ${String(codeVersion)} on Node.js ${String(nodeVersion)}.

To go on where it stopped, from this folder: \`deepl-ops train --resume .\`

To do the same again from the beginning, from this folder: \`${command}\`. With the same version of the program it ends in the same weights, on any number of threads.

| file | holds |
|---|---|
| \`agents/<role>\` | the best agent of each role so far by evaluation, with its card; \`agents/<role>-last\` the last one where that is another |
| \`metrics.jsonl\`, \`metrics.csv\`, \`tensorboard/\` | one row for each iteration |
| \`scenarios/\`, \`settings.yaml\` | what is needed to repeat the run; \`config.*\` the settings file as it was given |
| \`run.json\`, \`task.json\`, \`checkpoint/\` | what is needed to go on |
| \`sessions.jsonl\` | when, how, with which versions and on which machine the run was begun and continued |
`;
}
