/**
 * `npm run average-agents -- FIRST SECOND --out DIR [--share 0.5]`: writes the agent whose weights are `share` of the
 * second's and the rest of the first's. The second must have been trained on from the first.
 */
import { parseArgs } from 'node:util';
import { giveUp, setUp } from './setup.mjs';

const text = { type: 'string' };
// A flag or a folder that does not exist is the user's to mend: the message is enough.
process.on('uncaughtException', ({ message }) => giveUp(message));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: text, share: { ...text, default: '0.5' } },
});
const share = Number(values.share);
if (positionals.length !== 2 || values.out === undefined) giveUp('Name two agent folders and --out DIR.');
if (!(share >= 0 && share <= 1)) giveUp('--share is a number from 0 to 1.');
if (!setUp()) giveUp('The build failed; its messages are above.');
const { averageAgents, readAgent, writeAgent } = await import('../dist/model/index.js');
const [first, second] = positionals.map((folder) => readAgent(folder));

const agent = averageAgents(first.agent, second.agent, share);
const { scenarios, engine } = second.card.training;
const training = {
  scenarios,
  engine,
  averageOf: [first, second].map(({ card }) => ({ weights: card.weights.hash, training: card.training })),
  share,
};
const card = writeAgent(values.out, agent, { training });
console.log(`${values.out}: ${agent.name}, ${share} of the second agent, weights ${card.weights.hash}`);
