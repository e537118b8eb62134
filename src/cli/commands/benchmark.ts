/** `benchmark`: how often which order agent repairs what which chaos agent breaks, with intervals. */
import { availableParallelism } from 'node:os';
import { readTextFile } from '../../base/index.ts';
import {
  benchmarkResults,
  defaultReference,
  looksLikeSuite,
  readSuite,
  runSuite,
  type Suite,
  summaryTables,
  writeResults,
} from '../../benchmark/index.ts';
import { engineNames } from '../../environment/index.ts';
import { codeVersion } from '../code-version.ts';
import { type Command, defineCommand } from '../command.ts';
import { agentsFolder, findFile, findScenario, namedScenarios, shippedSuites } from '../shipped-file.ts';

export const benchmarkCommand: Command = defineCommand({
  usage: 'benchmark <suite>',
  summary: 'Measure how often repairs succeed, with 95 % intervals',
  positionals: {
    suite: { type: 'string', demandOption: true, describe: 'Suite or scenario: a file, or the name of a shipped one' },
  },
  options: {
    order: { type: 'string', array: true, describe: 'Order agents to compare (names or folders)' },
    chaos: {
      type: 'string',
      array: true,
      describe: "Chaos agents to play against, or script: the scenario's own faults",
    },
    episodes: { type: 'number', integer: true, minimum: 1, maximum: 100_000, describe: 'Episodes per pair of agents' },
    engine: { type: 'string', choices: engineNames, describe: 'Traffic engine' },
    reference: { type: 'string', describe: 'Order agent the others are compared with' },
    workers: { type: 'number', integer: true, minimum: 1, maximum: 256, describe: 'Threads (default: all cores)' },
    out: { type: 'string', describe: 'Folder for results.json and results.md' },
  },
  examples: [
    ['deepl-ops benchmark standard --out results', 'The shipped suite of random faults'],
    ['deepl-ops benchmark outages --out results', 'The library of outages'],
    [
      'deepl-ops benchmark online-boutique --order none runbook --chaos monkey --episodes 100',
      'Two agents on one scenario',
    ],
  ],
  run: async ({ suite: reference, workers, out, ...changes }, { output, seed, progress, stopSignal }) => {
    const suite = withChanges(findSuite(reference), { ...changes, seed });
    const threads = workers ?? availableParallelism();
    let show: ((done: number, note?: string) => void) | undefined;
    const outcomes = await runSuite(suite, {
      workers: threads,
      agentsFolder,
      signal: stopSignal(),
      onProgress: (done, total) => {
        show ??= progress('episodes', total);
        show(done, `${done} of ${total}`);
      },
    });
    const results = benchmarkResults(suite, outcomes, { codeVersion: codeVersion(), nodeVersion: process.version });
    const files = out === undefined ? [] : writeResults(out, results);
    const written = files.length > 0 ? `\n\nWritten: ${files.join(', ')}` : '';
    output.result(
      results,
      () =>
        `${suite.name}, ${suite.engine} engine, seed ${suite.seed}\n\n${summaryTables(results, 'terminal')}${written}`,
    );
  },
});

function findSuite(reference: string): Suite {
  const file = findFile(reference, [...shippedSuites(), ...namedScenarios()]);
  if (looksLikeSuite(readTextFile(file))) return readSuite(file);
  const scenario = findScenario(file);
  const order = ['none', 'restart-everything', 'restart-failed', 'runbook'];
  return {
    name: scenario.name,
    scenarios: [scenario],
    order,
    chaos: ['monkey'],
    episodes: 50,
    quietRatio: null,
    seed: 1,
    engine: 'flow',
    reference: defaultReference(order),
  };
}

interface Changes {
  readonly order: string[] | undefined;
  readonly chaos: string[] | undefined;
  readonly episodes: number | undefined;
  readonly engine: Suite['engine'] | undefined;
  readonly reference: string | undefined;
  readonly seed: number | undefined;
}

/** The suite with what the command line says otherwise. */
function withChanges(suite: Suite, changes: Changes): Suite {
  const order = changes.order ?? suite.order;
  const kept = order.includes(suite.reference) ? suite.reference : defaultReference(order);
  return {
    ...suite,
    order,
    chaos: changes.chaos ?? suite.chaos,
    episodes: changes.episodes ?? suite.episodes,
    engine: changes.engine ?? suite.engine,
    seed: changes.seed ?? suite.seed,
    reference: changes.reference ?? kept,
  };
}
