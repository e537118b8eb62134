/** `speed`: how fast the parts run on this machine, beside the figures to reach. */
import { cpus, totalmem } from 'node:os';
import { measureSpeed, measureTraining, type SpeedRow } from '../../validation/index.ts';
import { codeVersion } from '../code-version.ts';
import { type Command, defineCommand } from '../command.ts';
import { findScenario } from '../shipped-file.ts';

export const speedCommand: Command = defineCommand({
  usage: 'speed [scenario]',
  summary: 'Measure the speed of simulator and learner on this machine',
  positionals: {
    scenario: {
      type: 'string',
      default: 'online-boutique',
      describe: 'Scenario: a file, or the name of a shipped one',
    },
  },
  options: {
    seconds: { type: 'number', minimum: 0.1, default: 5, describe: 'Time for each row' },
    training: { type: 'boolean', default: true, describe: 'Measure training end to end too' },
  },
  examples: [['deepl-ops speed --json', 'For a record of the machine and the version']],
  run: async ({ scenario: reference, seconds, training }, { output }) => {
    const scenario = findScenario(reference);
    const clock = (): number => performance.now() / 1000;
    const rows = measureSpeed(scenario, { clock, secondsPerRow: seconds });
    if (training) for (const workers of [1, 2]) rows.push(await measureTraining(scenario, { clock, workers }));
    const machine = {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      node: process.version,
      version: codeVersion(),
    };
    output.result({ machine, scenario: scenario.name, rows }, () => table(rows, machine));
  },
});

function table(rows: readonly SpeedRow[], machine: Readonly<Record<string, unknown>>): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, unit, value, target }) => {
    const goal = target === null ? '' : `  (to reach: ${number(target)})`;
    return `${name.padEnd(width)}  ${number(value).padStart(10)} ${unit}${goal}`;
  });
  return [`${machine.cpu}, ${machine.cores} cores, Node.js ${machine.node}, ${machine.version}`, ...lines].join('\n');
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}
