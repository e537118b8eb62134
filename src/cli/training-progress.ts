/** Shows a training run while it goes on: a live view on a terminal, a plain line now and then elsewhere. */
import type { TrainingProgress } from '../learn/index.ts';
import type { CommandContext } from './command.ts';
import { TrainingView } from './training-view.ts';

const BYTES_PER_MIB = 2 ** 20;

/** What a run is to call after each iteration. */
export function trainingProgress(context: CommandContext, stepsTotal: number): (progress: TrainingProgress) => void {
  let show: ((progress: TrainingProgress) => void) | undefined;
  return (progress) => {
    // Not before the first iteration: what is shown of a cold start comes first.
    show ??= openView(context, stepsTotal);
    show(progress);
  };
}

function openView(context: CommandContext, stepsTotal: number): (progress: TrainingProgress) => void {
  const block = context.block();
  if (block === undefined) {
    const update = context.progress('training', stepsTotal);
    return (progress) => update(progress.report.steps, note(progress));
  }
  const view = new TrainingView('training', () => process.memoryUsage.rss() / BYTES_PER_MIB);
  return (progress) => {
    view.take(progress);
    block.update((columns) => view.lines(columns));
  };
}

function note({ report, decisionsPerSecond }: TrainingProgress): string {
  const { learner, episodes } = report;
  const rate = episodes.successRate === undefined ? '' : ` succeeds in ${Math.round(episodes.successRate * 100)} %,`;
  return `${learner} learns,${rate} ${Math.round(decisionsPerSecond)} decisions/s`;
}
