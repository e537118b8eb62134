/** `list`: the scenarios, phenomena, outages, suites, agents, faults and repairs there are. */
import { chaosTools, type FaultKind, faultKinds, parameterUnit } from '../../faults/index.ts';
import { readAgent } from '../../model/index.ts';
import { type PolicyEntry, policyCatalogue } from '../../policies/index.ts';
import { type RepairKind, repairKinds } from '../../repairs/index.ts';
import { readScenario } from '../../scenario/index.ts';
import { type Command, defineCommand } from '../command.ts';
import {
  type ShippedFile,
  shippedAgents,
  shippedOutages,
  shippedPhenomena,
  shippedScenarios,
  shippedSuites,
} from '../shipped-file.ts';

/** What the text shows of a thing; programs get the other fields too. */
interface Entry {
  readonly name: string;
  readonly about: string;
  /** Further lines below it. */
  readonly details?: readonly string[];
  readonly [field: string]: unknown;
}

const topics = ['scenarios', 'phenomena', 'outages', 'suites', 'agents', 'faults', 'repairs'] as const;

export const listCommand: Command = defineCommand({
  usage: 'list [topic]',
  summary: 'Show which scenarios, phenomena, outages, suites, agents, faults and repairs there are',
  positionals: { topic: { type: 'string', choices: topics, describe: 'Only these' } },
  examples: [
    ['deepl-ops list', 'Everything'],
    [
      'deepl-ops list faults --json',
      'Faults with severities, parameters, units and the names other tools have for them',
    ],
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
    phenomena: shippedPhenomena().map(storyEntry),
    outages: shippedOutages().map(storyEntry),
    suites: shippedSuites().map(({ name, file }) => ({ name, about: file })),
    agents: [...policyCatalogue.map(scriptedAgent), ...shippedAgents().map(trainedAgent)],
    faults: faultKinds.map(faultEntry),
    repairs: repairKinds.map(repairEntry),
  };
}

/** A scenario with a story, by its first sentence. */
function storyEntry({ name, file }: ShippedFile): Entry {
  const { description } = readScenario(file);
  const [first = ''] = description.split('. ');
  return { name, about: `${first.trim().replace(/\.?$/, '.')}`, file, description: description.trim() };
}

/** Parameters that are null in a severity are as many as chaos may touch. */
function faultEntry({ name, target, meaning, severities, parameterNames, scope, knownAs }: FaultKind): Entry {
  const strengths = severities.map(({ name: severity, cost, durationSeconds, parameters }) => {
    const values = Object.entries(parameters).map(([parameter, value]) => `${parameter} ${valueText(value)}`);
    const lasts = durationSeconds === null ? 'until repaired' : `${durationSeconds} s`;
    return [`${severity}: cost ${cost}`, lasts, ...values].join(', ');
  });
  const names = Object.entries(knownAs).map(([tool, words]) => `${toolName(tool)} ${words.join(', ')}`);
  return {
    name,
    about: `${target}: ${meaning}`,
    details: [...strengths, ...(names.length > 0 ? [`known as ${names.join('; ')}`] : [])],
    target,
    meaning,
    severities,
    parameters: parameterNames.map((parameter) => ({ name: parameter, unit: parameterUnit(parameter) })),
    mode: scope.replicas,
    peer: scope.peer,
    direction: scope.direction,
    knownAs,
  };
}

function repairEntry(repair: RepairKind): Entry {
  const { name, target, meaning, needs, cost, durationSeconds, holdSeconds, failureRatio } = repair;
  const holds = holdSeconds > 0 ? `, holds ${holdSeconds} s` : '';
  const fails = `${Math.round(100 * failureRatio)} %`;
  return {
    name,
    about: `${target}: ${meaning}`,
    details: [`cost ${cost}, takes ${durationSeconds} s${holds}, fails in ${fails}, needs ${needs}`],
    target,
    meaning,
    needs,
    cost,
    durationSeconds,
    holdSeconds,
    failureRatio,
  };
}

function valueText(value: number): string {
  return value === Infinity ? 'all' : String(value);
}

function toolName(tool: string): string {
  return chaosTools[tool as keyof typeof chaosTools];
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
  const rows = entries.flatMap(({ name, about, details = [] }) => [
    `  ${name.padEnd(width)}  ${about}`,
    ...details.map((line) => `  ${''.padEnd(width)}    ${line}`),
  ]);
  return rows.join('\n') || '  none';
}
