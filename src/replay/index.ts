/** Episodes: who plays, recording them, running recordings again. */

export type { PastAction } from './action-log.ts';
export { type Agent, AgentLibrary } from './agent-library.ts';
export {
  type ChoicePair,
  type ComparedEpisode,
  type ComparedStep,
  type FirstDifference,
  firstDifference,
  repairFigures,
} from './comparison.ts';
export { checkCompatible } from './compatibility.ts';
export { describeChoice } from './describe-choice.ts';
export {
  type BothRoles,
  type EpisodeOptions,
  type EpisodeStep,
  perRole,
  playEpisode,
  ROLES,
  type Role,
  seatPolicies,
} from './episode.ts';
export { type LeftOutFault, leftOutFaults } from './left-out-faults.ts';
export { checkWithin, endsBefore, hasCome, type Moment, parseMoment, stepOfMoment } from './moment.ts';
export type { MovedComponent, MovedSignal } from './moved-signals.ts';
export { parseRecording } from './parse-recording.ts';
export { createPlannedRepairs, type PlannedRepair, parsePlannedRepair } from './planned-repairs.ts';
export { recordedFaults } from './recorded-faults.ts';
export { RecordedPolicy } from './recorded-policy.ts';
export { type RecorderOptions, recordEpisode } from './recorder.ts';
export {
  hasRecordingName,
  looksLikeRecording,
  type RecordedStep,
  type Recording,
  type RecordingEnd,
  type RecordingHeader,
  type RecordingSource,
  recordingLine,
  recordingText,
  type TableHashes,
} from './recording.ts';
export { isRecordingFile, openRecording, RecordingFile, readRecording } from './recording-file.ts';
export { recordingJsonSchema } from './recording-schema.ts';
export { type PastService, type RunHistory, runHistory } from './run-history.ts';
export { checkSameSoFar } from './same-so-far.ts';
export { type Situation, SituationWatch } from './situation.ts';
export { TakeOver } from './take-over.ts';
export { Timeline, type TimelineEntry } from './timeline.ts';
export type { UsersEntry } from './users-watch.ts';
export { type Divergence, type DivergingPart, type Verification, verifyRecording } from './verification.ts';
