/** `replay`: a recording run again and verified, or with another order agent; or a scenario's fault script. */
import { DeeplOpsError } from '../../base/index.ts';
import type { Policy } from '../../contract/index.ts';
import { type ContestEnvironment, createEnvironment, type EngineName, engineNames } from '../../environment/index.ts';
import {
  AgentLibrary,
  createPlannedRepairs,
  type Divergence,
  isRecordingFile,
  openRecording,
  type PlannedRepair,
  parsePlannedRepair,
  RecordedPolicy,
  type Recording,
  type RecordingHeader,
  type RecordingSource,
  readRecording,
  verifyRecording,
} from '../../replay/index.ts';
import { readScenario, type Scenario } from '../../scenario/index.ts';
import { codeVersion } from '../code-version.ts';
import { type Command, type CommandContext, defineCommand } from '../command.ts';
import { pause, play } from '../play.ts';
import { agentsFolder, findFile, namedScenarios } from '../shipped-file.ts';
import { printTimeline, timelinePart, verdictText } from '../timeline.ts';

export const replayCommand: Command = defineCommand({
  usage: 'replay <file>',
  summary: "Run a recording again and verify each step, or run a scenario's fault script",
  positionals: { file: { type: 'string', demandOption: true, describe: 'Recording, scenario file or scenario name' } },
  options: {
    order: { type: 'string', describe: 'Let this order agent play instead (name or agent folder)' },
    repair: {
      type: 'string',
      array: true,
      describe:
        'Instead of an order agent: "REPAIR on COMPONENT at TIME", for instance "service.restart on cart at 2m"',
    },
    engine: {
      type: 'string',
      choices: engineNames,
      describe: 'Traffic engine of a scenario (default flow)',
    },
    timeline: { type: 'boolean', describe: 'Tell what happened as it happens (default for scenarios)' },
    record: { type: 'string', describe: 'Record the new episode in this file' },
  },
  examples: [
    ['deepl-ops replay episode.jsonl', 'Verify that every step comes out as recorded'],
    ['deepl-ops replay episode.jsonl --order runbook', 'What would the runbook have done?'],
    ['deepl-ops replay online-boutique --order none', "Watch a scenario's own faults run their course"],
    ['deepl-ops replay metastable --order none', 'Watch a failure that outlives what caused it'],
    ['deepl-ops replay zone-outage', 'See how the runbook does in an outage of the library'],
    ['deepl-ops replay metastable --repair "service.disable-retries on backend at 4m"', 'See what a repair does'],
  ],
  run: async ({ file: reference, order, repair, engine, timeline, record }, context) => {
    if (order !== undefined && repair !== undefined)
      throw new DeeplOpsError('USAGE', '--order and --repair both say who repairs; give one of them');
    const file = findFile(reference, namedScenarios());
    const repairs = repair?.map(parsePlannedRepair);
    if (!isRecordingFile(file)) {
      const scenario = readScenario(file);
      const options = {
        order: order ?? 'runbook',
        repairs,
        engine: engine ?? 'flow',
        timeline: timeline ?? true,
        record,
      };
      return await runScript(scenario, options, context);
    }
    if (engine !== undefined) throw new DeeplOpsError('USAGE', 'a recording is run on the engine it was recorded on');
    if (order !== undefined || repairs !== undefined) {
      const recording = await readRecording(file);
      return await branch(recording, { order: order ?? 'none', repairs, timeline: timeline ?? true, record }, context);
    }
    if (record !== undefined)
      throw new DeeplOpsError('USAGE', '--record needs --order or --repair: without them nothing new happens');
    return await verify(await openRecording(file), timeline ?? false, context);
  },
});

async function verify(recording: RecordingSource, tells: boolean, context: CommandContext): Promise<void> {
  const { output, progress, stopSignal } = context;
  const { header } = recording;
  const signal = stopSignal();
  const { contestSeconds, recoverySeconds } = header.scenario.contest;
  const show = progress('replaying', contestSeconds + recoverySeconds);
  const environment = createEnvironment(header.scenario, { engine: header.engine, script: header.script });
  const timeline = tells ? printTimeline(environment, output) : undefined;
  const run = verifyRecording(recording, environment);
  for (;;) {
    const next = await run.next();
    if (!next.done) {
      show(next.value.info.timeSeconds);
      await pause(signal);
      continue;
    }
    if (!next.value.same) throw diverged(next.value.divergence, header, output);
    const { steps: count, complete } = next.value;
    const { end } = recording;
    const cut = complete ? '' : '\nThe recording was cut off before the end of the episode.';
    const verdict = end ? `\n${verdictText(end.verdict)}` : '';
    output.result(
      { same: true, steps: count, complete, verdict: end?.verdict ?? null, ...timelinePart(timeline) },
      `${count} steps run again, each came out as recorded${verdict}${cut}`,
    );
    return;
  }
}

function diverged(divergence: Divergence, header: RecordingHeader, output: CommandContext['output']): DeeplOpsError {
  const { step, part, expected, actual, tables } = divergence;
  const where = tables.length > 0 ? ` in ${tables.slice(0, 8).join(', ')}${tables.length > 8 ? ' ...' : ''}` : '';
  if (output.json) output.result({ same: false, divergence, recordedBy: header.codeVersion }, '');
  const message = `step ${step}: the ${part} differs${where}: recorded ${expected}, now ${actual}`;
  const written = `Recorded by ${header.codeVersion} on Node.js ${header.nodeVersion}`;
  const here = `this is ${codeVersion()} on Node.js ${process.version}`;
  const advice = header.codeVersion === codeVersion() ? '' : ' Replay it with the version that recorded it.';
  const hint = `${written}; ${here}.${advice}`;
  return new DeeplOpsError('REPLAY_DIVERGED', message, { hint });
}

interface BranchOptions {
  readonly order: string;
  /** Instead of the order agent. */
  readonly repairs: readonly PlannedRepair[] | undefined;
  readonly timeline: boolean;
  readonly record: string | undefined;
}

/** Same seed and the same faults where they are still legal, another order agent. */
async function branch(recording: Recording, options: BranchOptions, context: CommandContext): Promise<void> {
  const { output } = context;
  const signal = context.stopSignal();
  const { header, end } = recording;
  const { scenario, engine, script, seed } = header;
  const environment = createEnvironment(scenario, { engine, script });
  const { policy, name: order } = orderPolicy(environment, options);
  const chaos = new RecordedPolicy(recording, 'chaos');
  output.line(`${scenario.name}, seed ${seed}: ${chaos.name}, ${order} repairs instead of ${header.agents.order}`);
  const timeline = options.timeline ? printTimeline(environment, output) : undefined;
  const verdict = await play({
    environment,
    scenario,
    engine,
    script,
    policies: { chaos, order: policy },
    agents: { chaos: chaos.name, order },
    seed,
    recordFile: options.record,
    signal,
  });
  const before = end ? verdictText(end.verdict) : 'The recording was cut off before a verdict.';
  const skipped =
    chaos.illegalCount > 0 ? `\n${chaos.illegalCount} recorded faults were not legal this time and were left out.` : '';
  output.result(
    {
      recorded: { order: header.agents.order, verdict: end?.verdict ?? null },
      now: { order, verdict, ...timelinePart(timeline) },
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
  options: ScriptOptions,
  { output, seed = 1, stopSignal }: CommandContext,
): Promise<void> {
  const signal = stopSignal();
  if (scenario.script.length === 0) {
    const hint = 'Add a `script:` to the scenario, or let a chaos agent break it: `deepl-ops run`.';
    throw new DeeplOpsError('USAGE', `${scenario.name} has no fault script to replay`, { hint });
  }
  const { engine } = options;
  const environment = createEnvironment(scenario, { engine, script: true });
  const { policy, name: order } = orderPolicy(environment, options);
  output.line(`${scenario.name}: its own fault script, ${order} repairs, ${engine} engine, seed ${seed}`);
  const timeline = options.timeline ? printTimeline(environment, output) : undefined;
  const verdict = await play({
    environment,
    scenario,
    engine,
    script: true,
    policies: { chaos: new AgentLibrary(agentsFolder).find('none', 'chaos').make({}), order: policy },
    agents: { chaos: 'script', order },
    seed,
    recordFile: options.record,
    signal,
  });
  output.result(
    { scenario: scenario.name, seed, engine, order, verdict, ...timelinePart(timeline) },
    verdictText(verdict),
  );
}

/** Who repairs, and what to call it. */
function orderPolicy(
  environment: ContestEnvironment,
  { order, repairs }: BranchOptions,
): { readonly policy: Policy; readonly name: string } {
  if (repairs !== undefined) {
    const policy = createPlannedRepairs(environment, repairs);
    return { policy, name: policy.name };
  }
  const agent = new AgentLibrary(agentsFolder).find(order, 'order');
  return { policy: agent.make({ lookAhead: environment.lookAhead }), name: order };
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
