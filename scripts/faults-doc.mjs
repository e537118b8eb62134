/** `npm run faults-doc`: runs every fault against every repair on the default scenario and writes docs/faults.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, root, setUp } from './setup.mjs';

if (!setUp()) giveUp('The build failed; its messages are above.');
const { readScenario } = await import('../dist/scenario/index.js');
const { faultsPage, measureRepairMatrix } = await import('../dist/validation/index.js');

const scenario = readScenario(join(root, 'scenarios', 'online-boutique.yaml'));
const rows = measureRepairMatrix(scenario, {
  onRow: ({ fault }) => console.error(`${fault.fault} on ${fault.place}`),
});
writeFileSync(join(root, 'docs', 'faults.md'), faultsPage(rows, scenario.name));
