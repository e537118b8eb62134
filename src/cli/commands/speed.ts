/** `speed`: how fast the parts run on this machine, beside the figures to reach. */
import { cpus, totalmem } from 'node:os';
import { DeeplOpsError } from '../../base/index.ts';
import {
  measureLearners,
  measureSizes,
  measureSpeed,
  measureTraining,
  type SizeRow,
  type SpeedRow,
} from '../../validation/index.ts';
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
    seconds: { type: 'number', minimum: 0.1, default: 3, describe: 'Time for each row' },
    training: { type: 'boolean', default: true, describe: 'Measure training end to end too' },
    'cpu-time': {
      type: 'boolean',
      describe: 'Count processor time, not wall time, of what runs on one core: for a machine that others use',
    },
    sizes: { type: 'string', describe: 'Measure generated systems of so many services instead, such as 10,100,1000' },
  },
  examples: [
    ['deepl-ops speed --json', 'For a record of the machine and the version'],
    ['deepl-ops speed --sizes 30,1000', 'How the cost of a step grows with the number of services'],
  ],
  run: async ({ scenario: reference, seconds, training, cpuTime = false, sizes }, { output }) => {
    const clock = cpuTime ? processorClock : wallClock;
    if (sizes !== undefined) {
      const rows = measureSizes({ clock, seconds, sizes: sizesIn(sizes), request: true });
      output.result({ machine: thisMachine(), cpuTime, sizes: rows }, () => sizeTable(rows));
      return;
    }
    const scenario = findScenario(reference);
    const rows = measureSpeed(scenario, { clock, secondsPerRow: seconds });
    useOneThread();
    const learners = await measureLearners({ clock, secondsPerRow: seconds });
    rows.push(...learners.rows);
    if (training)
      for (const workers of [1, 2]) rows.push(await measureTraining(scenario, { clock: wallClock, workers }));
    const machine = thisMachine();
    const { notes } = learners;
    output.result({ machine, cpuTime, scenario: scenario.name, rows, notes }, () => table(rows, notes, machine));
  },
});

/** The library under tfjs-node reads this when it loads; the others have one thread by nature. */
function useOneThread(): void {
  process.env.TF_NUM_INTRAOP_THREADS = '1';
  process.env.TF_NUM_INTEROP_THREADS = '1';
}

const wallClock = (): number => performance.now() / 1000;

/** All threads of this process: the compiler and the garbage collector count too. */
function processorClock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly version: string;
}

function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    version: codeVersion(),
  };
}

function sizesIn(text: string): number[] {
  return text.split(',').map((part) => {
    const size = Number(part);
    if (Number.isInteger(size) && size >= 3 && size <= 4096) return size;
    throw new DeeplOpsError('USAGE', `--sizes: ${part} is not a number of services from 3 to 4096`, {
      hint: 'Write numbers with commas between them, such as 10,100,1000.',
    });
  });
}

function sizeTable(rows: readonly SizeRow[]): string {
  const lines = rows.map(({ services, replicas, buildSeconds, flow, environment, requestEventsPerSecond }) =>
    [
      `${services} services, ${number(replicas)} replicas (built in ${buildSeconds.toFixed(1)} s):`,
      `flow ${number(flow.unitsPerSecond)} steps/s (${flow.microsecondsPerService.toFixed(1)} us a service),`,
      `environment ${number(environment.unitsPerSecond)} steps/s`,
      `(${environment.microsecondsPerService.toFixed(1)} us a service),`,
      `request ${number(requestEventsPerSecond ?? 0)} events/s`,
    ].join(' '),
  );
  return lines.join('\n');
}

function table(rows: readonly SpeedRow[], notes: readonly string[], machine: Machine): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, unit, value, target }) => {
    const goal = target === null ? '' : `  (to reach: ${number(target)})`;
    return `${name.padEnd(width)}  ${number(value).padStart(10)} ${unit}${goal}`;
  });
  const head = `${machine.cpu}, ${machine.cores} cores, Node.js ${machine.node}, ${machine.version}`;
  return [head, ...lines, ...notes].join('\n');
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
