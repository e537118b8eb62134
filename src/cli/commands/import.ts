/** `import`: makes a scenario of a system's own manifests. */
import { readTextFile, writeWholeFile } from '../../base/index.ts';
import { type ImportReport, importKubernetes } from '../../scenario/index.ts';
import { type Command, defineCommand } from '../command.ts';

/** A new format is one line here. */
const importers = { kubernetes: importKubernetes } as const;

const formats = Object.keys(importers) as (keyof typeof importers)[];

export const importCommand: Command = defineCommand({
  usage: 'import <format> <files..>',
  summary: 'Make a scenario of the manifests of a real system',
  positionals: {
    format: { choices: formats, demandOption: true, describe: 'What the files are' },
    files: { type: 'string', array: true, demandOption: true, describe: 'Manifests, taken together as one system' },
  },
  options: {
    out: { type: 'string', describe: 'Write the scenario to this file instead of stdout' },
    name: { type: 'string', default: 'imported', describe: 'Name of the scenario' },
  },
  examples: [
    ['deepl-ops import kubernetes shop.yaml --out shop-scenario.yaml', 'A scenario of one rendered manifest'],
    ['helm template ./chart | deepl-ops import kubernetes /dev/stdin', 'Straight from a chart, to stdout'],
  ],
  run: async ({ format, files, out, name }, { output }) => {
    const manifests = files.map((file) => ({ name: file, text: readTextFile(file) }));
    const { yaml, report } = importers[format](manifests, { name });
    if (out !== undefined) writeWholeFile(out, yaml);
    const document = out === undefined ? { scenario: yaml, report } : { file: out, report };
    output.result(document, () => (out === undefined ? yaml.trimEnd() : summary(out, report)));
  },
});

function summary(file: string, report: ImportReport): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
  return [
    `${file}: ${report.services.length} services, ${report.calls.length} calls, ${report.workloads.length} workloads`,
    ...list('Traffic', report.workloads),
    ...list('Assumed', report.assumed),
    ...list('Not derived (calls may be missing)', report.notDerived),
    ...list('Cut, because the calls formed a cycle', report.cutEdges),
    ...list('Skipped', report.skipped),
  ].join('\n');
}
