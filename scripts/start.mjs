/** `npm start`: sets a fresh clone up, then trains both agents and measures them. */
import { join } from 'node:path';
import { giveUp, handOver, root, setUp } from './setup.mjs';

if (!setUp()) giveUp('The build failed; its messages are above.');
handOver(process.execPath, [join(root, 'dist', 'cli', 'main.js'), 'start', ...process.argv.slice(2)]);
