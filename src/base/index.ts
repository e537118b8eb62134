/** Public names of the ground floor: checks, errors, state, randomness, deterministic math and statistics. */
export { AssertionFailure, assert } from './assert.ts';
export type { BootstrapOptions, Estimate } from './bootstrap.ts';
export { bootstrapInterval, pairedDifferenceInterval } from './bootstrap.ts';
export {
  appendToFile,
  checkWritableFolder,
  readBeginning,
  readBytesFile,
  readTextFile,
  writeWholeFile,
} from './disk-file.ts';
export type { ErrorCode, ErrorDetails, ErrorPlace } from './errors.ts';
export { DeeplOpsError, errorCatalogue, visible } from './errors.ts';
export { hashText, hashWords, hashWordsInto } from './hash.ts';
export { formatInstant, parseInstant } from './instant.ts';
export { exp, expm1, log, sqrt, tanh } from './math.ts';
export { pow } from './math-power.ts';
export { nearestName } from './nearest-name.ts';
export { normalQuantile } from './normal-quantile.ts';
export { RandomStream } from './random-stream.ts';
export { RandomStreams } from './random-streams.ts';
export type { ColumnType, StateDifference, Table } from './state-arena.ts';
export { StateArena } from './state-arena.ts';
export { StateLayout } from './state-layout.ts';
export type { Interval } from './statistics.ts';
export { mean, quantile, spearman, standardError, variance, wilsonInterval } from './statistics.ts';
