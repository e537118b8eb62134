/** `validate`: the simulator against theory, and its two engines against each other. */
import { availableParallelism, cpus } from 'node:os';
import { writeWholeFile } from '../../base/index.ts';
import { validate, validationPage, validationText } from '../../validation/index.ts';
import { codeVersion } from '../code-version.ts';
import { type Command, defineCommand } from '../command.ts';
import { findScenario } from '../shipped-file.ts';

/** Episodes per policy and engine, enough to tell good from bad. */
const RANKING_EPISODES = 40;

export const validateCommand: Command = defineCommand({
  usage: 'validate [scenario]',
  summary: 'Check the simulator against theory, and its two engines against each other',
  positionals: {
    scenario: {
      type: 'string',
      default: 'online-boutique',
      describe: 'Scenario on which policies are ranked: a file, or the name of a shipped one',
    },
  },
  options: {
    quick: { type: 'boolean', default: false, describe: 'A minute: wider standard errors, fewer systems, no ranking' },
    episodes: {
      type: 'number',
      integer: true,
      minimum: 1,
      maximum: 10_000,
      default: RANKING_EPISODES,
      describe: 'Episodes per policy and engine in the ranking',
    },
    workers: { type: 'number', integer: true, minimum: 1, maximum: 256, describe: 'Threads (default: all cores)' },
    doc: { type: 'string', describe: 'Write the tables as a page to this file' },
    'wrong-service-rate': {
      type: 'number',
      minimum: 0.1,
      maximum: 10,
      default: 1,
      hidden: true,
      describe: 'Multiply every service rate of the theory table, to see it fail',
    },
  },
  examples: [
    ['deepl-ops validate --quick', 'In a minute; exit code 1 if a gate does not hold'],
    ['deepl-ops validate --doc docs/validation.md', 'Everything, with the page'],
  ],
  run: async ({ scenario, quick, episodes, workers, doc, wrongServiceRate }, context) => {
    const { output, seed, progress, stopSignal } = context;
    const started = performance.now();
    const threads = workers ?? availableParallelism();
    const settings = {
      quick,
      seed: seed ?? 1,
      rateFactor: wrongServiceRate,
      scenario: quick ? null : findScenario(scenario),
      rankingEpisodes: episodes,
    };
    let show: ((done: number, note?: string) => void) | undefined;
    const report = await validate(settings, {
      workers: threads,
      signal: stopSignal(),
      onProgress: (done, total, name) => {
        show ??= progress('checks', total);
        show(done, name);
      },
    });
    const minutes = (performance.now() - started) / 60_000;
    const where = `Version ${codeVersion()}, seed ${settings.seed}, on ${cpus()[0]?.model ?? 'an unknown machine'} with Node.js ${process.version}: ${minutes.toFixed(1)} min on ${threads} threads.`;
    if (doc !== undefined) writeWholeFile(doc, validationPage(report, where));
    const written = doc === undefined ? '' : `\n\nWritten: ${doc}`;
    output.result({ ...report, version: codeVersion() }, () => `${validationText(report)}${written}`);
    return report.failures === 0 ? 0 : 1;
  },
});
