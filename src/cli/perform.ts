/** Lets an order agent play against given faults: those of a recording, or a scenario's own script. */
import { DeeplOpsError } from '../base/index.ts';
import type { Policy } from '../contract/index.ts';
import { createEnvironment, type EngineName, type Verdict } from '../environment/index.ts';
import {
  AgentLibrary,
  type ComparedStep,
  checkCompatible,
  checkSameSoFar,
  checkWithin,
  hasCome,
  type LeftOutFault,
  leftOutFaults,
  type Moment,
  RecordedPolicy,
  type Recording,
  type Situation,
  SituationWatch,
  TakeOver,
  type Timeline,
} from '../replay/index.ts';
import type { Scenario } from '../scenario/index.ts';
import type { CommandContext } from './command.ts';
import { type OrderSeat, seatedOrder } from './order-seat.ts';
import { playing } from './play.ts';
import { agentsFolder } from './shipped-file.ts';
import { printTimeline } from './timeline.ts';

/** The faults, and the world they happen in. */
export interface Stage {
  readonly scenario: Scenario;
  readonly engine: EngineName;
  readonly script: boolean;
  readonly seed: number;
  /** Undefined = the scenario's script. */
  readonly recording: Recording | undefined;
  /** So many steps of the recording are played as they are, on both sides. */
  readonly fromStep: number;
}

/** What else to do while playing. */
export interface PerformOptions {
  readonly until: Moment | undefined;
  readonly timeline: boolean;
  readonly record: string | undefined;
  readonly signal: AbortSignal;
}

/** How it went. */
export interface Performance {
  readonly order: string;
  /** Null = `until` came first. */
  readonly verdict: Verdict | null;
  /** At `until`; null = the episode was over before, or was not to be stopped. */
  readonly situation: Situation | null;
  readonly steps: readonly ComparedStep[];
  /** Scripted and recorded faults that could not be started this time. */
  readonly leftOut: readonly LeftOutFault[];
  /** Where the recording ends, if that is before the episode does and what was played goes beyond; else null. */
  readonly cutOff: CutOff | null;
  readonly timeline: Timeline | undefined;
}

/** The last step of a recording that was cut off, and the steps of the whole episode. */
export interface CutOff {
  readonly step: number;
  readonly ofSteps: number;
}

/** Plays one episode. Throws RECORDING_VERSION or REPLAY_DIVERGED where the recording is not the same episode here. */
export async function perform(
  stage: Stage,
  seat: OrderSeat,
  { until, timeline: tells, record, signal }: PerformOptions,
  { output }: CommandContext,
): Promise<Performance> {
  const { scenario, engine, script, seed, recording, fromStep } = stage;
  const environment = createEnvironment(scenario, { engine, script });
  if (recording) checkCompatible(recording.header, environment);
  const { policy, name: order } = seatedOrder(seat, environment);
  if (until) checkWithin(until, environment.length);
  const faults = recording && new RecordedPolicy(recording, 'chaos', (choice: number) => environment.skipFault(choice));
  const leftOut = leftOutFaults(environment);
  const timeline = tells ? printTimeline(environment, output) : undefined;
  const watch = new SituationWatch(environment);
  const steps: ComparedStep[] = [];
  let verdict: Verdict | null = null;
  let situation: Situation | null = null;
  const episode = playing({
    environment,
    scenario,
    engine,
    script,
    policies: { chaos: faults ?? noFaults(), order: inSeat(stage, policy) },
    agents: { chaos: faults?.name ?? 'script', order: inWords(stage, order) },
    seed,
    recordFile: record,
    signal,
  });
  for await (const part of episode) {
    if (recording) checkSameSoFar(recording, part, fromStep);
    if ('verdict' in part) verdict = part.verdict;
    if (!('actions' in part)) continue;
    const { step, actions, info } = part;
    steps.push({ step, actions, info });
    if (until === undefined || info.verdict !== undefined || !hasCome(until, info)) continue;
    situation = watch.after(info);
    break;
  }
  const cutOff = cutOffOf(recording, steps.length, environment.length.steps);
  return { order, verdict, situation, steps, leftOut, cutOff, timeline };
}

function cutOffOf(recording: Recording | undefined, played: number, ofSteps: number): CutOff | null {
  if (recording === undefined || recording.end !== null || played <= recording.steps.length) return null;
  return { step: recording.steps.length, ofSteps };
}

/** What plays against the order agent, in words. */
export function opponentText({ recording, fromStep }: Stage): string {
  if (recording === undefined) return 'its own fault script';
  const { chaos } = recording.header.agents;
  return `${chaos} as recorded${fromStep > 0 ? `, order too for ${fromStep} steps` : ''}`;
}

/** The seconds at which the branch begins. */
function branchSeconds({ recording, fromStep }: Stage): number {
  return recording?.steps[fromStep - 1]?.info.timeSeconds ?? 0;
}

/** Throws USAGE for repairs that were to be done before the branch begins. */
export function checkRepairTimes(stage: Stage, seat: OrderSeat): void {
  const began = branchSeconds(stage);
  const early = 'repairs' in seat ? seat.repairs.find(({ atSeconds }) => atSeconds < began) : undefined;
  if (early === undefined) return;
  const message = `${early.verb} on ${early.component} at ${early.atSeconds} s lies before the branch, which begins at ${began} s`;
  throw new DeeplOpsError('USAGE', message);
}

function noFaults(): Policy {
  return new AgentLibrary(agentsFolder).find('none', 'chaos').make({});
}

function inSeat({ recording, fromStep }: Stage, heir: Policy): Policy {
  if (recording === undefined || fromStep === 0) return heir;
  return new TakeOver({ recorded: new RecordedPolicy(recording, 'order'), heir, steps: fromStep });
}

function inWords({ recording, fromStep }: Stage, order: string): string {
  if (recording === undefined || fromStep === 0) return order;
  return `${recording.header.agents.order}, after step ${fromStep} ${order}`;
}
