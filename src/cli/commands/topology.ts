/** `topology`: the topology map of a scenario, to be completed for a real system. */

import { stringify } from 'yaml';
import { writeWholeFile } from '../../base/index.ts';
import { createEnvironment } from '../../environment/index.ts';
import { type Command, defineCommand } from '../command.ts';
import { findScenario } from '../shipped-file.ts';

export const topologyCommand: Command = defineCommand({
  usage: 'topology <scenario>',
  summary: 'Write the topology map of a scenario for `decide`, and what monitoring shows of it in healthy times',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file, or name of a shipped one' },
  },
  options: {
    out: { type: 'string', demandOption: true, describe: 'File to write the topology map to (YAML)' },
    signals: { type: 'string', describe: 'File to write a signals document of the healthy system to (YAML)' },
  },
  examples: [
    ['deepl-ops topology my-shop.yaml --out my-shop.topology.yaml', 'Add under alerts: what your alerts are about'],
  ],
  run: async ({ scenario: reference, out, signals }, { output, seed = 1 }) => {
    const environment = createEnvironment(findScenario(reference), { engine: 'flow' });
    environment.reset({ seed });
    const situation = environment.situation({ beganMillis: Date.now() });
    const written = [out, ...(signals === undefined ? [] : [signals])];
    writeWholeFile(out, stringify({ ...situation.topology, alerts: [] }, { lineWidth: 0 }));
    if (signals !== undefined) writeWholeFile(signals, stringify(situation.signals, { lineWidth: 0 }));
    output.result({ scenario: situation.topology.name, files: written }, `${written.join(' and ')} written`);
  },
});
