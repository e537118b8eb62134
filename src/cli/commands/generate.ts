/** `generate`: makes up a scenario of any size, for tests of scale and for training on many clusters. */
import { writeWholeFile } from '../../base/index.ts';
import { compileDocument, estimateLoad, generateScenario, scenarioToYaml } from '../../scenario/index.ts';
import { type Command, defineCommand } from '../command.ts';
import { schemaReference } from '../shipped-file.ts';

export const generateCommand: Command = defineCommand({
  usage: 'generate',
  summary: 'Make up a scenario of any size',
  options: {
    services: { type: 'number', integer: true, minimum: 3, maximum: 4096, default: 30, describe: 'How many services' },
    replicas: {
      type: 'number',
      minimum: 2,
      maximum: 16,
      describe: 'Replicas per service on average (3, and up to 10 in large systems)',
    },
    out: { type: 'string', describe: 'Write the scenario to this file instead of stdout' },
    name: { type: 'string', describe: 'Name of the scenario' },
  },
  examples: [['deepl-ops generate --services 100 --seed 7 --out big.yaml', 'The same seed gives the same file']],
  run: async ({ services, replicas, out, name }, { output, seed = 1 }) => {
    const document = generateScenario({
      services,
      seed,
      ...(replicas === undefined ? {} : { replicasPerService: replicas }),
      ...(name === undefined ? {} : { name }),
    });
    const options = `--services ${services} --seed ${seed}${replicas === undefined ? '' : ` --replicas ${replicas}`}`;
    const header = `Made up by \`deepl-ops generate ${options}\`.`;
    const yaml = scenarioToYaml(document, { schema: schemaReference(out), header });
    if (out === undefined) {
      output.result({ scenario: yaml }, () => yaml.trimEnd());
      return;
    }
    writeWholeFile(out, yaml);
    const { cluster } = compileDocument(document, { file: out });
    const loads = estimateLoad(cluster);
    const summary = {
      file: out,
      seed,
      services,
      replicas: cluster.services.reduce((sum, service) => sum + service.replicas, 0),
      nodes: cluster.nodes.length,
      calls: cluster.calls.length,
      usersPerSecond: cluster.workloads.reduce((sum, workload) => sum + workload.requestsPerSecond, 0),
      requestsPerSecond: Math.round(loads.reduce((sum, load) => sum + load.requestsPerSecond, 0)),
    };
    output.result(
      summary,
      () =>
        `${out}: ${services} services, ${summary.replicas} replicas on ${summary.nodes} nodes, ${summary.calls} calls; ` +
        `${summary.usersPerSecond} users/s make ${summary.requestsPerSecond} requests/s`,
    );
  },
});
