/** Exports a trained agent as a model: its network alone, or with the rules and all that `decide` needs. */

import { join } from 'node:path';
import { DeeplOpsError } from '../base/index.ts';
import type { PerRole, RoleSpec } from '../contract/index.ts';
import {
  type ContestTable,
  type DistillReport,
  distillDefaults,
  type ExportedOrderModel,
  exportOrderModel,
} from '../distill/index.ts';
import { contestSpecs, createEnvironment, signalCatalogue } from '../environment/index.ts';
import { type OrderModelFiles, orderModelFiles, readAgent, writeOrderModel } from '../model/index.ts';
import { AgentLibrary } from '../replay/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { findAgentFolder } from './agent-folder.ts';
import { codeVersion } from './code-version.ts';
import type { CommandContext } from './command.ts';
import { pause } from './play.ts';
import { agentsFolder, findScenario } from './shipped-file.ts';

/** What to export and how. */
export interface ModelExport {
  readonly reference: string;
  readonly out: string;
  readonly scenario: readonly string[] | undefined;
  readonly chaos: readonly string[];
  readonly rounds: number;
  readonly testEpisodes: number;
  readonly networkOnly: boolean;
}

/** Writes the folder and tells what was written. */
export async function exportModel(values: ModelExport, context: CommandContext): Promise<void> {
  const { agent, card } = readAgent(findAgentFolder(values.reference));
  const { training, scores } = card;
  const origin = { spec: specOf(agent.role), training, scores, codeVersion: codeVersion() };
  // First, so that an agent that cannot be exported is refused before minutes of play.
  const plain = orderModelFiles(agent, { ...origin, signals: signalCatalogue() });
  if (agent.role !== 'order' || values.networkOnly) {
    finish({ agent: agent.name, role: agent.role, out: values.out, files: plain }, context);
    return;
  }
  const scenarios = scenariosOf(values.scenario, training);
  const settings = { ...distillDefaults, rounds: values.rounds, testEpisodes: values.testEpisodes };
  const work = exportOrderModel(agent, {
    origin,
    distill: { tables: tablesOf(scenarios, values.chaos), settings, seed: context.seed ?? 1 },
    played: { scenarios: scenarios.map(({ name }) => name), chaos: values.chaos },
    episodeSeconds: Math.max(...scenarios.map(({ contest }) => contest.contestSeconds + contest.recoverySeconds)),
  });
  const { files, report } = await drive(work, context);
  finish({ agent: agent.name, role: agent.role, out: values.out, files, report }, context);
}

/** Runs the work bit by bit, so that Ctrl-C gets through. */
async function drive(
  work: ReturnType<typeof exportOrderModel>,
  { progress, stopSignal }: CommandContext,
): Promise<ExportedOrderModel> {
  const signal = stopSignal();
  const titles = { playing: 'making rules, episodes', asking: 'hiding signals, questions' };
  const updates = new Map<string, ReturnType<typeof progress>>();
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    const { part, done, total } = next.value;
    const update = updates.get(part) ?? progress(titles[part], total);
    updates.set(part, update);
    update(done);
    await pause(signal);
  }
}

function finish(
  result: {
    readonly agent: string;
    readonly role: string;
    readonly out: string;
    readonly files: OrderModelFiles;
    readonly report?: DistillReport;
  },
  { output }: CommandContext,
): void {
  const { agent, role, out, files, report } = result;
  writeOrderModel(out, files);
  const paths = Object.keys(files).map((name) => join(out, name));
  const lines = [
    `${agent} (${role}) exported; card.json tells how to feed it`,
    ...paths.map((path) => `  ${path}`),
    ...(report === undefined ? [] : reportLines(report)),
  ];
  const rules = report === undefined ? {} : { rules: report };
  output.result({ agent, role, out, files: paths, ...rules }, lines.join('\n'));
}

function reportLines({ leaves, rules, network, repairedRatio, fidelity }: DistillReport): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `Rules from ${leaves} leaves repair ${rules.repaired} of ${rules.episodes} test episodes, the network ${network.repaired}: ${percent(repairedRatio.value)} of what it repairs`,
    `(95 % interval ${percent(repairedRatio.low)} to ${percent(repairedRatio.high)}); they decide alike in ${percent(fidelity.agreement)} of the decisions.`,
  ];
}

function specOf(role: string): RoleSpec {
  const specs: PerRole<RoleSpec> = contestSpecs();
  const spec = specs[role];
  if (spec) return spec;
  throw new DeeplOpsError('SPEC_MISMATCH', `the agent plays ${role}, which is no role of the contest`);
}

/** Every scenario with every chaos agent. */
function tablesOf(scenarios: readonly Scenario[], chaos: readonly string[]): ContestTable[] {
  const library = new AgentLibrary(agentsFolder);
  const silence = library.find('none', 'chaos');
  return scenarios.flatMap((scenario) =>
    chaos.map((name) => {
      const environment = createEnvironment(scenario, { engine: 'flow' });
      const resources = { lookAhead: environment.lookAhead };
      return { environment, chaos: library.find(name, 'chaos').make(resources), silence: silence.make(resources) };
    }),
  );
}

function scenariosOf(given: readonly string[] | undefined, training: Readonly<Record<string, unknown>>): Scenario[] {
  if (given !== undefined) return given.map(findScenario);
  const names = Array.isArray(training.scenarios) ? training.scenarios.map(String) : [];
  try {
    if (names.length > 0) return names.map(findScenario);
  } catch (error) {
    if (!(error instanceof DeeplOpsError) || error.code !== 'FILE_NOT_FOUND') throw error;
  }
  const hint = 'Name the scenarios with --scenario, or leave the rules out with --network-only.';
  const message = `the scenarios the agent was trained on are not here: ${names.join(', ') || 'none named'}`;
  throw new DeeplOpsError('FILE_NOT_FOUND', message, { hint });
}
