/**
 * `npm run outages-results -- [--episodes N] [--seed N] [--workers N]`: plays the suite of outages on held-out seeds and
 * writes what each order agent repairs into docs/results.md, between its marks. All figures: runs/outages.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { giveUp, root, setUp } from './setup.mjs';

const [BEGIN, END] = ['<!-- outages -->', '<!-- end of outages -->'];

const text = { type: 'string' };
const { values } = parseArgs({ options: { episodes: text, seed: text, workers: text } });
if (!setUp()) giveUp('The build failed; its messages are above.');
const { overviewTable } = await import('../dist/benchmark/index.js');

const out = join(root, 'runs', 'outages');
const flags = Object.entries({ seed: '2026', ...values }).flatMap(([flag, value]) => [`--${flag}`, value]);
const main = join(root, 'dist', 'cli', 'main.js');
const { status } = spawnSync(process.execPath, [main, 'benchmark', 'outages', ...flags, '--out', out], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (status !== 0) giveUp('The benchmark failed; its message is above.');
const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));

const page = join(root, 'docs', 'results.md');
const [before, rest] = readFileSync(page, 'utf8').split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) giveUp(`docs/results.md lacks the marks ${BEGIN} and ${END}.`);
const command = `\`deepl-ops benchmark outages ${flags.join(' ')}\`, code ${results.codeVersion}:`;
writeFileSync(page, `${before}${BEGIN}\n${command}\n\n${overviewTable(results, 'markdown')}\n${END}${after}`);
