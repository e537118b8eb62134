/** `start`: what `npm start` shows a newcomer. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, defineCommand } from '../command.ts';
import { firstRun, firstRunText } from '../first-run.ts';
import { findScenario } from '../shipped-file.ts';

export const startCommand: Command = defineCommand({
  usage: 'start',
  summary: 'Train both agents on Online Boutique and measure them (what `npm start` runs)',
  options: {
    steps: { type: 'number', integer: true, minimum: 1, default: 560_000, describe: 'Decisions to learn from' },
    episodes: { type: 'number', integer: true, minimum: 1, default: 250, describe: 'Episodes of each pair of agents' },
    planner: {
      type: 'number',
      integer: true,
      minimum: 1,
      default: 10,
      describe: 'Episodes of each pair with the planner',
    },
    out: { type: 'string', describe: 'Folder of the run (default: runs/start-<n>)' },
  },
  examples: [['deepl-ops start --steps 50000 --episodes 50', 'A quicker, poorer one']],
  run: async ({ steps, episodes, planner, out }, context) => {
    const scenario = 'online-boutique';
    const folder = out ?? freshFolder();
    context.output.line(`${findScenario(scenario).description}\n`);
    const size = { steps, episodes, plannerEpisodes: planner };
    const { results, agents } = await firstRun(scenario, size, { folder, context });
    context.output.result({ folder, agents, results }, () => `\n${firstRunText(results, agents)}`);
  },
});

function freshFolder(): string {
  for (let number = 1; ; number++) {
    const folder = join('runs', `start-${number}`);
    if (!existsSync(folder)) return folder;
  }
}
