/** `import`: makes a scenario of a system's own files, or a fault script of experiments on it. */
import { writeWholeFile } from '../../base/index.ts';
import { faultFormats, importFaults, importSystem, systemFormats } from '../../scenario/index.ts';
import { type Command, type CommandContext, defineCommand } from '../command.ts';
import { bindingsOf, refuseFlags } from '../import-flags.ts';
import { faultSummary, systemSummary } from '../import-summary.ts';
import { readManifestFiles } from '../manifest-files.ts';
import { baseReference, findScenario, schemaReference } from '../shipped-file.ts';

const systems = systemFormats.map(({ name }) => name);
const formats = [...systems, ...faultFormats.map(({ name }) => name)];

export const importCommand: Command = defineCommand({
  usage: 'import <format> <files..>',
  summary: 'Make a scenario of the files of a real system, or a fault script of experiments on it',
  positionals: {
    format: { type: 'string', choices: formats, demandOption: true, describe: 'What the files are' },
    files: { type: 'string', array: true, demandOption: true, describe: 'Files or folders, taken together' },
  },
  options: {
    out: { type: 'string', describe: 'Write the scenario to this file instead of stdout' },
    name: { type: 'string', describe: 'Name of the scenario' },
    edges: {
      type: 'string',
      array: true,
      describe: 'Who was seen to call whom: CSV of caller,callee,count, or trace spans as OTLP JSON',
    },
    scenario: { type: 'string', describe: 'Of experiments: the scenario they act on, which the new one extends' },
    bind: {
      type: 'string',
      array: true,
      describe: 'Of experiments: VALUE=SERVICE, which service a label or a name in them means',
    },
  },
  examples: [
    ['deepl-ops import kubernetes manifests/ --out shop.yaml', 'A scenario of all manifests in a folder'],
    ['helm template ./chart | deepl-ops import kubernetes /dev/stdin', 'Straight from a chart, to stdout'],
    ['deepl-ops import compose compose.yaml --edges spans.json', 'A Compose file; calls and how often, from traces'],
    ['deepl-ops import chaos-mesh chaos.yaml --scenario shop.yaml --out storm.yaml', 'Experiments as a fault script'],
    ['deepl-ops replay storm.yaml --order none', 'Watch what they do'],
  ],
  run: async ({ format, files, ...flags }, context) => {
    const manifests = readManifestFiles(files);
    const isSystem = systems.includes(format);
    refuseFlags(format, flags, isSystem ? ['scenario', 'bind'] : ['edges']);
    const schema = schemaReference(flags.out);
    if (isSystem) {
      const edges = readManifestFiles(flags.edges ?? []);
      const { yaml, report } = importSystem(manifests, { format, name: flags.name ?? 'imported', edges, schema });
      write({ yaml, report, out: flags.out, summary: (file) => systemSummary(file, report) }, context);
      return;
    }
    const reference = flags.scenario ?? '';
    const scenario = findScenario(reference);
    const bindings = bindingsOf(flags.bind ?? [], scenario);
    const { yaml, report } = importFaults(manifests, {
      format,
      scenario,
      extends: baseReference(reference, flags.out),
      ...(flags.name === undefined ? {} : { name: flags.name }),
      bindings,
      schema,
    });
    write({ yaml, report, out: flags.out, summary: (file) => faultSummary(file, report) }, context);
  },
});

interface Imported {
  readonly yaml: string;
  readonly report: object;
  readonly out: string | undefined;
  readonly summary: (file: string) => string;
}

/** To a file with a summary, or to stdout as it is. */
function write({ yaml, report, out, summary }: Imported, { output }: CommandContext): void {
  if (out === undefined) {
    output.result({ scenario: yaml, report }, yaml.trimEnd());
    return;
  }
  writeWholeFile(out, yaml);
  output.result({ file: out, report }, () => summary(out));
}
