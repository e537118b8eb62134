/**
 * `npm run planner-check -- [--everywhere] [FAULT...]`: the planner against each fault alone, where it does most harm or
 * on every component; exit code 1 if one is not repaired.
 */
import { join } from 'node:path';
import { giveUp, root, setUp } from './setup.mjs';

if (!setUp()) giveUp('The build failed; its messages are above.');
const { readScenario } = await import('../dist/scenario/index.js');
const { checkPlanner } = await import('../dist/validation/index.js');

const scenario = readScenario(join(root, 'scenarios', 'online-boutique.yaml'));
const everywhere = process.argv.includes('--everywhere');
const faults = process.argv.slice(2).filter((word) => word !== '--everywhere');
const rows = checkPlanner(scenario, { ...(faults.length > 0 ? { faults } : {}), everywhere, onRow: printRow });
const failed = rows.filter((row) => !row.passed).length;
if (rows.length === 0) giveUp('No such fault is legal on this scenario.');
console.log(failed === 0 ? `All ${rows.length} repaired.` : `${failed} of ${rows.length} not repaired.`);
process.exitCode = failed === 0 ? 0 : 1;

function printRow({ fault, atSeconds, passed, healsAlone, verdict, reason, repairs }) {
  const what = `${fault.fault} on ${fault.place}`.padEnd(44);
  const broken = `broken ${verdict.brokenSeconds} s`.padEnd(13);
  const done = repairs.length > 0 ? repairs.join(', ') : 'nothing done';
  const words = [passed ? 'ok  ' : 'FAIL', what, `at ${atSeconds} s`.padEnd(9), broken, reason];
  console.log(`${words.filter((word) => word !== '').join(' ')} ${done}${healsAlone ? ' (heals alone)' : ''}`);
}
