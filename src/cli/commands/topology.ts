/** `topology`: the topology map of a scenario for `decide`, and what monitoring shows of it at some moment. */

import { stringify } from 'yaml';
import { DeeplOpsError, writeWholeFile } from '../../base/index.ts';
import { NO_OP } from '../../contract/index.ts';
import { type ContestEnvironment, createEnvironment } from '../../environment/index.ts';
import { parseQuantity } from '../../scenario/index.ts';
import { type Command, defineCommand } from '../command.ts';
import { findScenario } from '../shipped-file.ts';

export const topologyCommand: Command = defineCommand({
  usage: 'topology <scenario>',
  summary: 'Write the topology map of a scenario for `decide`, and the signals of one moment of it',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file, or name of a shipped one' },
  },
  options: {
    out: { type: 'string', demandOption: true, describe: 'File to write the topology map to (YAML)' },
    signals: { type: 'string', describe: 'File to write a signals document to (YAML)' },
    at: {
      type: 'string',
      default: '0s',
      describe: "Moment of the signals: so long into the scenario's fault script, nobody repairing",
    },
  },
  examples: [
    ['deepl-ops topology my-shop.yaml --out shop.topology.yaml', 'Add under alerts: what your alerts are about'],
    ['deepl-ops topology gray-failure --out map.yaml --signals signals.yaml --at 3m', 'A failure to ask a model about'],
  ],
  run: async ({ scenario: reference, out, signals, at }, { output, seed = 1 }) => {
    const environment = createEnvironment(findScenario(reference), { engine: 'flow', script: true });
    const seconds = secondsOf(at, environment);
    let { info } = environment.reset({ seed });
    while (environment.running && info.timeSeconds < seconds) {
      ({ info } = environment.step({ chaos: NO_OP, order: NO_OP }));
    }
    // The moment is the present, so that `decide` finds it fresh.
    const situation = environment.situation({ beganMillis: Date.now() - environment.cluster.nowSeconds * 1000 });
    writeWholeFile(out, stringify({ ...situation.topology, alerts: [] }, { lineWidth: 0 }));
    if (signals !== undefined) writeWholeFile(signals, stringify(situation.signals, { lineWidth: 0 }));
    const files = [out, ...(signals === undefined ? [] : [signals])];
    output.result(
      { scenario: situation.topology.name, seconds: info.timeSeconds, files },
      `${files.join(' and ')} written: ${situation.topology.name} after ${info.timeSeconds} s`,
    );
  },
});

function secondsOf(text: string, { scenario }: ContestEnvironment): number {
  const seconds = parseQuantity('duration', Number.isNaN(Number(text)) ? text : Number(text));
  const most = scenario.contest.contestSeconds + scenario.contest.recoverySeconds;
  if (seconds !== null && seconds >= 0 && seconds <= most) return seconds;
  throw new DeeplOpsError('USAGE', `--at: ${text} is no time within the ${most} s of this scenario`, {
    hint: 'Write it like 90s or 4m.',
  });
}
