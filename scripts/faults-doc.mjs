/**
 * `npm run faults-doc`: runs every fault against every repair on the default scenario and writes docs/faults.md. With
 * `-- --catalogue-only` the measured section stays as it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, root, setUp } from './setup.mjs';

if (!setUp()) giveUp('The build failed; its messages are above.');
const { readScenario } = await import('../dist/scenario/index.js');
const { faultsPage, measuredPartOf, measuredSection, measureRepairMatrix } = await import(
  '../dist/validation/index.js'
);

const file = join(root, 'docs', 'faults.md');
writeFileSync(
  file,
  faultsPage(process.argv.includes('--catalogue-only') ? measuredPartOf(readFileSync(file, 'utf8')) : measure()),
);

function measure() {
  const scenario = readScenario(join(root, 'scenarios', 'online-boutique.yaml'));
  const rows = measureRepairMatrix(scenario, {
    onRow: ({ fault }) => console.error(`${fault.fault} on ${fault.place}`),
  });
  return measuredSection(rows, scenario.name);
}
