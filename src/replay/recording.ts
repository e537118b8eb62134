/**
 * A recording: JSON lines from which an episode can be run again exactly. The header carries the whole scenario; then
 * comes a line per decision, and at the end the verdict. The same episode gives the same bytes but for the wall clock.
 */

import { assert } from '../base/index.ts';
import type { ContestInfo, EngineName, Verdict } from '../environment/index.ts';
import type { Scenario } from '../scenario/index.ts';
import type { BothRoles } from './episode.ts';

export const RECORDING_FORMAT = 'deepl-ops-recording';
export const RECORDING_VERSION = 1;

/** The first line. */
export interface RecordingHeader {
  readonly format: typeof RECORDING_FORMAT;
  readonly version: typeof RECORDING_VERSION;
  /** The only part that differs from one run of the same episode to the next. */
  readonly wallClock: { readonly startedAt: string };
  readonly codeVersion: string;
  readonly nodeVersion: string;
  readonly engine: EngineName;
  readonly seed: number;
  /** True when the scenario's own fault script ran in the episode. */
  readonly script: boolean;
  readonly agents: BothRoles<string>;
  readonly specHashes: BothRoles<{ readonly observation: string; readonly action: string }>;
  /** State right after the reset. */
  readonly hash: string;
  readonly tables: TableHashes;
  readonly scenario: Scenario;
}

/** Hash of each table of the state, by name. */
export type TableHashes = Readonly<Record<string, string>>;

/** One decision of both sides and what it led to. */
export interface RecordedStep {
  readonly step: number;
  /** The choices in words; `choices` are what a replay plays. */
  readonly actions: BothRoles<string>;
  readonly choices: BothRoles<number>;
  readonly rewards: BothRoles<number>;
  readonly info: ContestInfo;
  /** State after the step. */
  readonly hash: string;
  /** Tables whose hash the step changed. */
  readonly tables: TableHashes;
}

/** The last line of a complete recording. */
export interface RecordingEnd {
  readonly verdict: Verdict;
  readonly steps: number;
  readonly hash: string;
}

/** A recording to be read once, from its beginning to its end, so that one of any length can be followed. */
export interface RecordingSource {
  readonly header: RecordingHeader;
  readonly steps: Iterable<RecordedStep> | AsyncIterable<RecordedStep>;
  /** Null where it was cut short; known once all steps have been read. */
  readonly end: RecordingEnd | null;
}

/** A recording in memory. */
export interface Recording extends RecordingSource {
  readonly steps: readonly RecordedStep[];
}

/** A value as one line of a recording. */
export function recordingLine(value: RecordingHeader | RecordedStep | RecordingEnd): string {
  const line = JSON.stringify(value, (key, field: unknown) => {
    const finite = typeof field !== 'number' || Number.isFinite(field);
    assert(finite, `a recording holds finite numbers only, not ${String(field)} in '${key}'`);
    return field;
  });
  return `${line}\n`;
}

/** A recording as the text of a file. */
export function recordingText({ header, steps, end }: Recording): string {
  return [header, ...steps, ...(end === null ? [] : [end])].map(recordingLine).join('');
}

/** Whether a file or folder entry is called as recordings are. */
export function hasRecordingName(path: string): boolean {
  return /\.jsonl(\.gz)?$/.test(path);
}

/** True when text looks like the beginning of a recording rather than of a scenario. */
export function looksLikeRecording(text: string): boolean {
  return /^\s*\{\s*"format"\s*:/.test(text);
}
