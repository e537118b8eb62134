/** An epoch of imitation as a flat row of numbers, like the rows of iterations. */

import type { MetricRow } from '../metrics.ts';
import type { ColdStartProgress } from './cold-start.ts';

/** The row of an epoch; `epochs` counts those of all rounds and roles. */
export function coldStartRow(
  report: ColdStartProgress & { readonly kind: 'imitated' },
  { epochs, elapsedSeconds }: { readonly epochs: number; readonly elapsedSeconds: number },
): MetricRow {
  const { heldOut } = report;
  const numbers = {
    iteration: epochs,
    'time/total_timesteps': epochs,
    'time/elapsed_seconds': elapsedSeconds,
    'demonstrations/episodes': report.episodes,
    'demonstrations/decisions': report.decisions,
    'demonstrations/actions': report.actions,
    'demonstrations/learned': report.decisionsLearned,
    'demonstrations/held_out': report.decisionsHeldOut,
    'imitation/round': report.round,
    'imitation/epoch': report.epoch,
    'imitation/learning_rate': report.learningRate,
    'imitation/cross_entropy': report.crossEntropy,
    'imitation/value_loss': report.valueLoss,
    'imitation/entropy': report.entropy,
    'imitation/gradient_norm': report.gradientNorm,
    'imitation/n_updates': report.gradientSteps,
    'held_out/cross_entropy': heldOut?.crossEntropy,
    'held_out/accuracy': heldOut?.accuracy,
    'held_out/action_cross_entropy': heldOut?.actionCrossEntropy,
    'held_out/action_accuracy': heldOut?.actionAccuracy,
    'held_out/explained_variance': heldOut?.explainedVariance,
  };
  const row: Record<string, number | string> = { learner: report.role };
  for (const [name, value] of Object.entries(numbers)) {
    // Six digits are enough for every chart.
    if (value !== undefined) row[name] = Number(value.toPrecision(6));
  }
  return row;
}
