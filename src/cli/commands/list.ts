/** `list`: the scenarios, suites, agents, faults and repairs there are. */
import { faultKinds } from '../../faults/index.ts';
import { readAgent } from '../../model/index.ts';
import { type PolicyEntry, policyCatalogue } from '../../policies/index.ts';
import { repairKinds } from '../../repairs/index.ts';
import { type Command, defineCommand } from '../command.ts';
import { type ShippedFile, shippedAgents, shippedScenarios, shippedSuites } from '../shipped-file.ts';

/** What the text shows of a thing; programs get the other fields too. */
interface Entry {
  readonly name: string;
  readonly about: string;
  readonly [field: string]: unknown;
}

const topics = ['scenarios', 'suites', 'agents', 'faults', 'repairs'] as const;

export const listCommand: Command = defineCommand({
  usage: 'list [topic]',
  summary: 'Show which scenarios, suites, agents, faults and repairs there are',
  positionals: { topic: { type: 'string', choices: topics, describe: 'Only these' } },
  examples: [
    ['deepl-ops list', 'Everything'],
    ['deepl-ops list faults --json', 'Faults with severities, costs and durations, for scripts'],
  ],
  run: async ({ topic }, { output }) => {
    const all = catalogue();
    const chosen = topics.filter((name) => topic === undefined || name === topic);
    output.result(
      Object.fromEntries(chosen.map((name) => [name, all[name]])),
      chosen.map((name) => `${name}\n${lines(all[name])}`).join('\n\n'),
    );
  },
});

function catalogue(): Record<(typeof topics)[number], readonly Entry[]> {
  return {
    scenarios: shippedScenarios().map(({ name, file }) => ({ name, about: file })),
    suites: shippedSuites().map(({ name, file }) => ({ name, about: file })),
    agents: [...policyCatalogue.map(scriptedAgent), ...shippedAgents().map(trainedAgent)],
    faults: faultKinds.map(({ name, target, meaning, severities }) => ({
      name,
      about: `${target}: ${meaning} (${severities.map((severity) => `${severity.name} costs ${severity.cost}`).join(', ')})`,
      target,
      meaning,
      severities,
    })),
    repairs: repairKinds.map(({ name, target, meaning, cost, durationSeconds, failureRatio }) => ({
      name,
      about: `${target}: ${meaning} (costs ${cost}, about ${durationSeconds} s)`,
      target,
      meaning,
      cost,
      durationSeconds,
      failureRatio,
    })),
  };
}

function scriptedAgent({ name, roles, privileged, meaning }: PolicyEntry): Entry {
  const about = `${roles.join(', ')}: ${meaning}${privileged ? ' (privileged)' : ''}`;
  return { name, about, roles, privileged, meaning };
}

function trainedAgent({ name, file }: ShippedFile): Entry {
  const { card } = readAgent(file);
  return { name, about: `${card.role}: trained, ${file}`, roles: [card.role], privileged: false, card };
}

function lines(entries: readonly Entry[]): string {
  const width = Math.max(0, ...entries.map(({ name }) => name.length));
  return entries.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n') || '  none';
}
