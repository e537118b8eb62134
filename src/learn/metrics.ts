/** An iteration as a flat row of numbers under the names that other PPO libraries use in their logs. */

import type { EvaluationReport } from './evaluator.ts';
import type { IterationReport } from './iteration-report.ts';

/** A row of the metrics files; the learning role stands in it, and numbers that do not exist are left out. */
export type MetricRow = Readonly<Record<string, number | string>>;

/** What the trainer does not know. */
export interface IterationTiming {
  /** Since the run began, earlier sessions included. */
  readonly elapsedSeconds: number;
  /** Decisions of all roles per second in this iteration. */
  readonly decisionsPerSecond: number;
  /** Of the evaluation that followed, where there was one. */
  readonly evaluationSeconds?: number | undefined;
}

/** The row of an iteration, with the evaluation that followed it where there was one. */
export function metricRow(report: IterationReport, timing: IterationTiming, evaluation?: EvaluationReport): MetricRow {
  const { episodes, update } = report;
  const row: Record<string, number | string | undefined> = {
    iteration: report.iteration,
    learner: report.learner,
    'time/total_timesteps': report.steps,
    'time/elapsed_seconds': round(timing.elapsedSeconds),
    'time/decisions_per_second': round(timing.decisionsPerSecond),
    'time/evaluation_seconds': round(timing.evaluationSeconds),
    'rollout/choices': update.choices,
    'rollout/episodes': episodes.episodes,
    'rollout/ep_rew_mean': round(episodes.returnMean),
    'rollout/ep_len_mean': round(episodes.stepsMean),
    'rollout/success_rate': round(episodes.successRate),
    'train/learning_rate': round(report.learningRate),
    'train/policy_gradient_loss': round(update.policyLoss),
    'train/value_loss': round(update.valueLoss),
    'train/entropy': round(update.entropy),
    'train/approx_kl': round(update.approximateKl),
    'train/clip_fraction': round(update.clipFraction),
    'train/reference_kl': update.referenceKl === 0 ? undefined : round(update.referenceKl),
    'train/explained_variance': round(update.explainedVariance),
    'train/gradient_norm': round(update.gradientNorm),
    'train/n_updates': update.gradientSteps,
    'train/stopped_early': update.stoppedEarly ? 1 : 0,
    'train/reward_scale': round(report.rewardScale),
    'league/turn': report.turn,
  };
  for (const [role, rate] of Object.entries(report.successRates)) row[`league/success_rate/${role}`] = round(rate);
  for (const [name, rate] of Object.entries(episodes.successByOpponent))
    row[`league/success_against/${name}`] = round(rate);
  const { archive } = report;
  row['archive/scripts'] = archive?.kept;
  row['archive/on_trial'] = archive?.onTrial;
  row['archive/learnability_mean'] = round(archive?.learnabilityMean);
  row['archive/success_mean'] = round(archive?.successMean);
  for (const [name, value] of Object.entries(episodes.summary)) row[`episode/${name}`] = round(value);
  for (const [role, { score, best, against }] of Object.entries(evaluation ?? {})) {
    row[`evaluation/success_rate/${role}`] = round(score.value);
    row[`evaluation/best/${role}`] = round(best.score.value);
    for (const [name, rate] of Object.entries(against)) row[`evaluation/success_against/${name}`] = round(rate);
  }
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as MetricRow;
}

/** Six digits are enough for every chart, and keep the files small. */
function round(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(6));
}
