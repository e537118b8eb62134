/** `import`: makes a scenario of a system's own files. */
import { writeWholeFile } from '../../base/index.ts';
import { type ImportReport, importSystem, systemFormats } from '../../scenario/index.ts';
import { type Command, defineCommand } from '../command.ts';
import { readManifestFiles } from '../manifest-files.ts';

const formats = systemFormats.map(({ name }) => name);

export const importCommand: Command = defineCommand({
  usage: 'import <format> <files..>',
  summary: 'Make a scenario of the files of a real system',
  positionals: {
    format: { type: 'string', choices: formats, demandOption: true, describe: 'What the files are' },
    files: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Files or folders, taken together as one system',
    },
  },
  options: {
    out: { type: 'string', describe: 'Write the scenario to this file instead of stdout' },
    name: { type: 'string', default: 'imported', describe: 'Name of the scenario' },
    edges: {
      type: 'string',
      array: true,
      describe: 'Who was seen to call whom: CSV of caller,callee,count, or trace spans as OTLP JSON',
    },
  },
  examples: [
    ['deepl-ops import kubernetes manifests/ --out shop.yaml', 'A scenario of all manifests in a folder'],
    ['helm template ./chart | deepl-ops import kubernetes /dev/stdin', 'Straight from a chart, to stdout'],
    ['deepl-ops import compose compose.yaml --out shop.yaml', 'A scenario of a Compose file'],
    ['deepl-ops import compose compose.yaml --edges spans.json', 'Calls and how often, from traces'],
  ],
  run: async ({ format, files, out, name, edges }, { output }) => {
    const manifests = readManifestFiles(files);
    const { yaml, report } = importSystem(manifests, { format, name, edges: readManifestFiles(edges ?? []) });
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
