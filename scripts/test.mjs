/** `npm test`: from a fresh clone to all tests run. Arguments go to vitest: `npm test -- tests/base`. */
import { join } from 'node:path';
import { giveUp, handOver, root, setUp } from './setup.mjs';

if (!setUp()) giveUp('The build failed; its messages are above. No test was run.');
handOver(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)]);
