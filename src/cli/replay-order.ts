/** `replay` with another order agent, or with two that are compared: against recorded faults or a fault script. */
import { DeeplOpsError } from '../base/index.ts';
import type { Verdict } from '../environment/index.ts';
import { firstDifference, type Moment, repairFigures } from '../replay/index.ts';
import type { CommandContext } from './command.ts';
import { differenceText, figuresText } from './comparison-text.ts';
import { cutOffLines, lackingPart, leftOutLines } from './left-out-text.ts';
import type { OrderSeat } from './order-seat.ts';
import { checkRepairTimes, opponentText, type Performance, perform, type Stage } from './perform.ts';
import { situationText } from './situation-text.ts';
import { timelinePart, verdictText } from './timeline.ts';

/** Who repairs, and what is wanted of it. */
export interface ReplayOrderOptions {
  readonly seats: readonly OrderSeat[];
  readonly until: Moment | undefined;
  /** Undefined = told of one agent, not of two. */
  readonly timeline: boolean | undefined;
  readonly record: string | undefined;
}

/** Plays each seat on the stage and prints how it went. */
export async function replayOrder(
  stage: Stage,
  { seats, until, timeline, record }: ReplayOrderOptions,
  context: CommandContext,
): Promise<void> {
  const [one, other] = seats;
  const signal = context.stopSignal();
  for (const seat of seats) checkRepairTimes(stage, seat);
  if (one !== undefined && other !== undefined) {
    if (until !== undefined || record !== undefined) {
      throw new DeeplOpsError('USAGE', 'two agents are compared over whole episodes', {
        hint: 'Give one --order with --until or --record.',
      });
    }
    const options = { until, record, signal, timeline: timeline ?? false };
    return await compare(stage, [one, other], options, context);
  }
  if (one === undefined) throw new DeeplOpsError('USAGE', 'nobody repairs');
  const options = { until, record, signal, timeline: timeline ?? true };
  tellStage(stage, nameOf(one), context);
  const performance = await perform(stage, one, options, context);
  if (stage.recording === undefined) scriptResult(stage, performance, context);
  else branchResult(stage, performance, context);
}

async function compare(
  stage: Stage,
  seats: readonly [OrderSeat, OrderSeat],
  options: Parameters<typeof perform>[2],
  context: CommandContext,
): Promise<void> {
  const play = async (seat: OrderSeat): Promise<Performance> => {
    if (options.timeline) tellStage(stage, nameOf(seat), context);
    return await perform(stage, seat, options, context);
  };
  const [one, other] = [await play(seats[0]), await play(seats[1])];
  const difference = firstDifference(one, other);
  const { scenario, engine, seed, fromStep } = stage;
  const agents = [one, other].map((performance) => {
    const { order, verdict, timeline } = performance;
    const figures = verdict && repairFigures(verdict);
    return { order, figures, verdict, ...lackingPart(performance), ...timelinePart(timeline) };
  });
  context.output.result({ scenario: scenario.name, seed, engine, fromStep, agents, firstDifference: difference }, () =>
    [
      `${scenario.name}, seed ${seed}, ${opponentText(stage)}`,
      figuresText([one, other]),
      differenceText(difference, [one.order, other.order]),
      ...[one, other].flatMap((performance) => leftOutLines(performance, ` with ${performance.order}`)),
      ...cutOffLines(one),
    ].join('\n'),
  );
}

function branchResult(stage: Stage, performance: Performance, { output }: CommandContext): void {
  const { recording, fromStep } = stage;
  if (recording === undefined) return;
  const { order, verdict, situation, timeline, steps } = performance;
  const recorded = { order: recording.header.agents.order, verdict: recording.end?.verdict ?? null };
  // What was not played, because of `until`, is no difference.
  const asRecorded = { steps: situation === null ? recording.steps : recording.steps.slice(0, steps.length) };
  const difference = firstDifference(asRecorded, performance);
  const now = { order, verdict, ...timelinePart(timeline) };
  const lacking = lackingPart(performance);
  output.result({ recorded, fromStep, now, situation, ...lacking, firstDifference: difference }, () =>
    [
      ...(situation === null
        ? [
            `Recorded, ${recorded.order}:`,
            indented(resultText(recorded.verdict, 'The recording was cut off before a verdict.')),
            `Now, ${order}:`,
            indented(resultText(verdict, '')),
          ]
        : [situationText(situation)]),
      differenceText(difference, [`${recorded.order} (recorded)`, order]),
      ...leftOutLines(performance),
      ...cutOffLines(performance),
    ].join('\n'),
  );
}

function scriptResult(stage: Stage, performance: Performance, { output }: CommandContext): void {
  const { scenario, seed, engine } = stage;
  const { order, verdict, situation, timeline } = performance;
  const { faultsLeftOut, leftOut } = lackingPart(performance);
  const outcome = { order, verdict, situation, faultsLeftOut, leftOut, ...timelinePart(timeline) };
  output.result({ scenario: scenario.name, seed, engine, ...outcome }, () =>
    [situation === null ? resultText(verdict, '') : situationText(situation), ...leftOutLines(performance)].join('\n'),
  );
}

function tellStage(stage: Stage, order: string, { output }: CommandContext): void {
  const { scenario, seed, engine, recording } = stage;
  const instead = recording === undefined ? '' : ` instead of ${recording.header.agents.order}`;
  output.line(`${scenario.name}: ${opponentText(stage)}, ${order} repairs${instead}, ${engine} engine, seed ${seed}`);
}

function nameOf(seat: OrderSeat): string {
  return 'repairs' in seat ? 'planned repairs' : seat.agent;
}

function resultText(verdict: Verdict | null, otherwise: string): string {
  return verdict === null ? otherwise : verdictText(verdict);
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
