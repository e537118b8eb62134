/** `replay`: a recording run again and verified, or with another order agent; or a scenario's fault script. */
import { DeeplOpsError, readTextFile } from '../../base/index.ts';
import { createEnvironment, type EngineName, engineNames } from '../../environment/index.ts';
import {
  AgentLibrary,
  type Divergence,
  looksLikeRecording,
  parseRecording,
  RecordedPolicy,
  type Recording,
  verifyRecording,
} from '../../replay/index.ts';
import { parseScenario, type Scenario } from '../../scenario/index.ts';
import { type Command, type CommandContext, defineCommand } from '../command.ts';
import { pause, play } from '../play.ts';
import { agentsFolder, findFile, shippedScenarios } from '../shipped-file.ts';
import { printTimeline, verdictText } from '../timeline.ts';

export const replayCommand: Command = defineCommand({
  usage: 'replay <file>',
  summary: "Run a recording again and verify each step, or run a scenario's fault script",
  positionals: { file: { type: 'string', demandOption: true, describe: 'Recording, scenario file or scenario name' } },
  options: {
    order: { type: 'string', describe: 'Let this order agent play instead (name or agent folder)' },
    engine: {
      type: 'string',
      choices: engineNames,
      describe: 'Traffic engine of a scenario (default flow)',
    },
    record: { type: 'string', describe: 'Record the new episode in this file' },
  },
  examples: [
    ['deepl-ops replay episode.jsonl', 'Verify that every step comes out as recorded'],
    ['deepl-ops replay episode.jsonl --order runbook', 'What would the runbook have done?'],
    ['deepl-ops replay online-boutique --order none', "Watch a scenario's own faults run their course"],
  ],
  run: async ({ file: reference, order, engine, record }, context) => {
    const file = findFile(reference, shippedScenarios());
    const text = readTextFile(file);
    if (!looksLikeRecording(text)) {
      const scenario = parseScenario(text, { file });
      return await runScript(scenario, { order: order ?? 'runbook', engine: engine ?? 'flow', record }, context);
    }
    if (engine !== undefined) throw new DeeplOpsError('USAGE', 'a recording is run on the engine it was recorded on');
    const recording = parseRecording(text, { file });
    if (order !== undefined) return await branch(recording, { order, record }, context);
    if (record !== undefined)
      throw new DeeplOpsError('USAGE', '--record needs --order: without it nothing new happens');
    return await verify(recording, context);
  },
});

async function verify(recording: Recording, { output, progress, stopSignal }: CommandContext): Promise<void> {
  const { header, steps, end } = recording;
  const signal = stopSignal();
  const show = progress('replaying', steps.length);
  const environment = createEnvironment(header.scenario, { engine: header.engine, script: header.script });
  const run = verifyRecording(recording, environment);
  for (;;) {
    const next = run.next();
    if (!next.done) {
      show(next.value);
      await pause(signal);
      continue;
    }
    if (!next.value.same) throw diverged(next.value.divergence, recording, output);
    const { steps: count, complete } = next.value;
    const cut = complete ? '' : '\nThe recording was cut off before the end of the episode.';
    const verdict = end ? `\n${verdictText(end.verdict)}` : '';
    output.result(
      { same: true, steps: count, complete, verdict: end?.verdict ?? null },
      `${count} steps run again, each came out as recorded${verdict}${cut}`,
    );
    return;
  }
}

function diverged(divergence: Divergence, { header }: Recording, output: CommandContext['output']): DeeplOpsError {
  const { step, part, expected, actual, tables } = divergence;
  const where = tables.length > 0 ? ` in ${tables.slice(0, 8).join(', ')}${tables.length > 8 ? ' ...' : ''}` : '';
  if (output.json) output.result({ same: false, divergence, recordedBy: header.codeVersion }, '');
  const message = `step ${step}: the ${part} differs${where}: recorded ${expected}, now ${actual}`;
  const hint = `Recorded by ${header.codeVersion} on Node.js ${header.nodeVersion}; this is Node.js ${process.version}.`;
  return new DeeplOpsError('REPLAY_DIVERGED', message, { hint });
}

interface BranchOptions {
  readonly order: string;
  readonly record: string | undefined;
}

/** Same seed and the same faults where they are still legal, another order agent. */
async function branch(recording: Recording, { order, record }: BranchOptions, context: CommandContext): Promise<void> {
  const { output } = context;
  const signal = context.stopSignal();
  const { header, end } = recording;
  const { scenario, engine, script, seed } = header;
  const environment = createEnvironment(scenario, { engine, script });
  const agent = new AgentLibrary(agentsFolder).find(order, 'order');
  const chaos = new RecordedPolicy(recording, 'chaos');
  output.line(`${scenario.name}, seed ${seed}: ${chaos.name}, ${order} repairs instead of ${header.agents.order}`);
  printTimeline(environment, (line) => output.line(line));
  const verdict = await play({
    environment,
    scenario,
    engine,
    script,
    policies: { chaos, order: agent.make({ lookAhead: environment.lookAhead }) },
    agents: { chaos: chaos.name, order },
    seed,
    recordFile: record,
    signal,
  });
  const before = end ? verdictText(end.verdict) : 'The recording was cut off before a verdict.';
  const skipped =
    chaos.illegalCount > 0 ? `\n${chaos.illegalCount} recorded faults were not legal this time and were left out.` : '';
  output.result(
    {
      recorded: { order: header.agents.order, verdict: end?.verdict ?? null },
      now: { order, verdict },
      faultsLeftOut: chaos.illegalCount,
    },
    `Recorded, ${header.agents.order}:\n${indented(before)}\nNow, ${order}:\n${indented(verdictText(verdict))}${skipped}`,
  );
}

interface ScriptOptions extends BranchOptions {
  readonly engine: EngineName;
}

async function runScript(
  scenario: Scenario,
  { order, engine, record }: ScriptOptions,
  { output, seed = 1, stopSignal }: CommandContext,
): Promise<void> {
  const signal = stopSignal();
  if (scenario.script.length === 0) {
    const hint = 'Add a `script:` to the scenario, or let a chaos agent break it: `deepl-ops run`.';
    throw new DeeplOpsError('USAGE', `${scenario.name} has no fault script to replay`, { hint });
  }
  const environment = createEnvironment(scenario, { engine, script: true });
  const library = new AgentLibrary(agentsFolder);
  const resources = { lookAhead: environment.lookAhead };
  const policies = {
    chaos: library.find('none', 'chaos').make(resources),
    order: library.find(order, 'order').make(resources),
  };
  output.line(`${scenario.name}: its own fault script, ${order} repairs, ${engine} engine, seed ${seed}`);
  printTimeline(environment, (line) => output.line(line));
  const verdict = await play({
    environment,
    scenario,
    engine,
    script: true,
    policies,
    agents: { chaos: 'script', order },
    seed,
    recordFile: record,
    signal,
  });
  output.result({ scenario: scenario.name, seed, engine, order, verdict }, verdictText(verdict));
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
