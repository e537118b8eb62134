/** `replay`: a recording run again and verified, or with other order agents; or a scenario's fault script. */
import { DeeplOpsError } from '../../base/index.ts';
import { type EngineName, engineNames } from '../../environment/index.ts';
import {
  isRecordingFile,
  openRecording,
  parseMoment,
  parsePlannedRepair,
  readRecording,
  stepOfMoment,
} from '../../replay/index.ts';
import { readScenario } from '../../scenario/index.ts';
import { type Command, defineCommand } from '../command.ts';
import type { OrderSeat } from '../order-seat.ts';
import type { Stage } from '../perform.ts';
import { replayOrder } from '../replay-order.ts';
import { verify } from '../replay-verify.ts';
import { findFile, namedScenarios } from '../shipped-file.ts';

export const replayCommand: Command = defineCommand({
  usage: 'replay <file>',
  summary: "Run a recording again and verify each step, or run a scenario's fault script",
  positionals: { file: { type: 'string', demandOption: true, describe: 'Recording, scenario file or scenario name' } },
  options: {
    order: {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Let this order agent play instead (name or agent folder); given twice, compare the two',
    },
    repair: {
      type: 'string',
      array: true,
      describe:
        'Instead of an order agent: "REPAIR on COMPONENT at TIME", for instance "service.restart on cart at 2m"',
    },
    from: { type: 'string', describe: 'Play the recording as it is up to this step or time, and from there the agent' },
    until: { type: 'string', describe: 'Stop after this step, or at this time (2m30s), and show how things are' },
    engine: {
      type: 'string',
      choices: engineNames,
      describe: 'Traffic engine of a scenario (default flow)',
    },
    timeline: { type: 'boolean', describe: 'Tell what happened as it happens (default unless verifying or comparing)' },
    record: { type: 'string', describe: 'Record the new episode in this file' },
  },
  examples: [
    ['deepl-ops replay episode.jsonl', 'Verify that every step comes out as recorded'],
    ['deepl-ops replay episode.jsonl --until 2m', 'How were things after two minutes?'],
    ['deepl-ops replay episode.jsonl --from 24 --order planner', 'What would the planner have done from there?'],
    ['deepl-ops replay episode.jsonl --order runbook --order planner', 'Compare two agents on the recorded faults'],
    ['deepl-ops replay metastable --order none', 'Watch a failure that outlives what caused it'],
    ['deepl-ops replay zone-outage', 'See how the runbook does in an outage of the library'],
    ['deepl-ops replay metastable --repair "service.disable-retries on backend at 4m"', 'See what a repair does'],
  ],
  run: async ({ file: reference, order, repair, from, until: untilText, engine, timeline, record }, context) => {
    const seats = seatsOf(order, repair);
    const until = untilText === undefined ? undefined : parseMoment(untilText, '--until');
    const file = findFile(reference, namedScenarios());
    if (!isRecordingFile(file)) {
      if (from !== undefined) throw new DeeplOpsError('USAGE', '--from branches off a recording, and this is none');
      const stage = scriptStage(file, engine ?? 'flow', context.seed ?? 1);
      const repairing = seats.length > 0 ? seats : [{ agent: 'runbook' }];
      return await replayOrder(stage, { seats: repairing, until, timeline, record }, context);
    }
    if (context.seed !== undefined)
      throw new DeeplOpsError('USAGE', 'a recording is run with the seed it was recorded with');
    if (engine !== undefined) throw new DeeplOpsError('USAGE', 'a recording is run on the engine it was recorded on');
    if (seats.length > 0) {
      const stage = await recordedStage(file, from);
      return await replayOrder(stage, { seats, until, timeline, record }, context);
    }
    if (from !== undefined || record !== undefined) {
      const flag = from === undefined ? '--record' : '--from';
      throw new DeeplOpsError('USAGE', `${flag} needs --order or --repair: without them nothing new happens`);
    }
    return await verify(await openRecording(file), { until, timeline: timeline ?? false }, context);
  },
});

/** Who is to repair; at most two agents, or one list of repairs. */
function seatsOf(order: readonly string[] = [], repair: readonly string[] | undefined): OrderSeat[] {
  if (order.length > 0 && repair !== undefined)
    throw new DeeplOpsError('USAGE', '--order and --repair both say who repairs; give one of them');
  if (order.length > 2) throw new DeeplOpsError('USAGE', 'only two order agents can be compared at a time');
  return repair === undefined
    ? order.map((agent) => ({ agent }))
    : [{ repairs: repair.map((each) => parsePlannedRepair(each)) }];
}

async function recordedStage(file: string, from: string | undefined): Promise<Stage> {
  const recording = await readRecording(file);
  const { scenario, engine, script, seed } = recording.header;
  const fromStep = from === undefined ? 0 : stepOfMoment(parseMoment(from, '--from'), recording.steps);
  return { scenario, engine, script, seed, recording, fromStep };
}

function scriptStage(file: string, engine: EngineName, seed: number): Stage {
  const scenario = readScenario(file);
  if (scenario.script.length === 0) {
    const hint = 'Add a `script:` to the scenario, or let a chaos agent break it: `deepl-ops run`.';
    throw new DeeplOpsError('USAGE', `${scenario.name} has no fault script to replay`, { hint });
  }
  return { scenario, engine, script: true, seed, recording: undefined, fromStep: 0 };
}
