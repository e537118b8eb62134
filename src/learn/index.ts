/** Public names of learning: training runs, the trainer, settings, tasks and what they are made of. */

export { type AdvantageArrays, type AdvantageSpan, estimateAdvantages, STEP } from './advantages.ts';
export type { ArchiveReport, ReportedFault, ReportedScript } from './archive/archive-report.ts';
export type { FailureScript } from './archive/failure-script.ts';
export { type MutationSpace, mutateScript, scriptKey } from './archive/mutate-script.ts';
export { learnability, type NewScript, ScriptArchive, successRate } from './archive/script-archive.ts';
export { ScriptPolicy } from './archive/script-policy.ts';
export { type ChangedSetting, changedSettings } from './changed-settings.ts';
export { checkTrainSettings } from './check-settings.ts';
export { encodeCheckpoint, readCheckpointProgress, restoreCheckpoint } from './checkpoint.ts';
export { checkpointFiles, writeCheckpointFile } from './checkpoint-file.ts';
export type { ColdStartOptions, ColdStartProgress } from './cold-start/cold-start.ts';
export type { Demonstrations, Player, RecordedEpisode } from './cold-start/demonstrations.ts';
export type { ContestTaskOptions } from './contest-task.ts';
export type { EpisodeStatistics } from './episode-statistics.ts';
export { heldOutSeeds, trainingSeed } from './evaluation-match.ts';
export type { Score } from './evaluation-records.ts';
export type { BestAgent, EvaluationReport, RoleEvaluation } from './evaluator.ts';
export type { IterationReport } from './iteration-report.ts';
export { drawEntry, League, type OpponentEntry, opponentEntries } from './league.ts';
export { type MetricRow, metricRow } from './metrics.ts';
export {
  describeTrainSettings,
  type LocateSetting,
  parseTrainSettings,
  type SettingDescription,
} from './parse-train-settings.ts';
export { normaliseAdvantages, type UpdateReport } from './ppo-update.ts';
export { createReferenceEnvironment, referenceNames } from './reference/reference-catalogue.ts';
export type { RunDimensions } from './run-dimensions.ts';
export { type RunCard, RunFolder } from './run-folder-file.ts';
export { minibatchBounds, SampleOrder } from './sample-order.ts';
export { requireStartNetwork } from './start-network.ts';
export type { LearningTask, TaskDescription } from './task.ts';
export { createTask } from './task-catalogue.ts';
export {
  type EvaluationSettings,
  type LeagueSettings,
  type RoleSettings,
  roleSettings,
  type ScheduleSettings,
  type TrainSettings,
} from './train-settings.ts';
export { Trainer, type TrainerOptions } from './trainer.ts';
export { type ProbeOptions, type ProbeResult, probeTraining } from './training-probe.ts';
export {
  runTraining,
  type TrainingOutcome,
  type TrainingProgress,
  type TrainingRunOptions,
} from './training-run.ts';
export { TurnSchedule, type TurnState } from './turn-schedule.ts';
