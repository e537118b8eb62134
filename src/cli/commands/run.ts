/** `run`: one episode of two agents. */
import { createEnvironment, engineNames } from '../../environment/index.ts';
import { AgentLibrary } from '../../replay/index.ts';
import { type Command, defineCommand } from '../command.ts';
import { play } from '../play.ts';
import { agentsFolder, findScenario } from '../shipped-file.ts';
import { printTimeline, timelinePart, verdictText } from '../timeline.ts';

export const runCommand: Command = defineCommand({
  usage: 'run <scenario>',
  summary: 'Play one episode of a chaos agent against an order agent',
  positionals: {
    scenario: { type: 'string', demandOption: true, describe: 'Scenario file, or name of a shipped one' },
  },
  options: {
    order: { type: 'string', default: 'runbook', describe: 'Who repairs: a name or an agent folder' },
    chaos: { type: 'string', default: 'monkey', describe: 'Who breaks: a name or an agent folder' },
    engine: { type: 'string', choices: engineNames, default: 'flow', describe: 'Traffic engine' },
    timeline: { type: 'boolean', default: true, describe: 'Tell what happens as it happens' },
    record: { type: 'string', describe: 'Record the episode in this file (JSON lines; compressed if it ends in .gz)' },
  },
  examples: [
    ['deepl-ops run online-boutique --order runbook --chaos monkey', 'The runbook against random faults'],
    ['deepl-ops run online-boutique --seed 7 --record episode.jsonl', 'Record an episode for `replay`'],
  ],
  run: async (values, { output, seed = 1, stopSignal }) => {
    const signal = stopSignal();
    const scenario = findScenario(values.scenario);
    const { engine } = values;
    const library = new AgentLibrary(agentsFolder);
    const agents = { chaos: library.find(values.chaos, 'chaos'), order: library.find(values.order, 'order') };
    const environment = createEnvironment(scenario, { engine });
    const { lookAhead } = environment;
    output.line(`${scenario.name}: ${values.chaos} breaks, ${values.order} repairs, ${engine} engine, seed ${seed}`);
    const timeline = values.timeline ? printTimeline(environment, output) : undefined;
    const verdict = await play({
      environment,
      scenario,
      engine,
      script: false,
      policies: { chaos: agents.chaos.make({ lookAhead }), order: agents.order.make({ lookAhead }) },
      agents: { chaos: values.chaos, order: values.order },
      seed,
      recordFile: values.record,
      signal,
    });
    const recorded = values.record === undefined ? '' : `\nRecorded in ${values.record}`;
    output.result(
      {
        scenario: scenario.name,
        seed,
        engine,
        chaos: values.chaos,
        order: values.order,
        verdict,
        ...timelinePart(timeline),
      },
      `${verdictText(verdict)}${recorded}`,
    );
  },
});
