/** Plays one episode for a command: steps that let Ctrl-C through, and a recording if one is wanted. */

import { DeeplOpsError } from '../base/index.ts';
import type { Policy } from '../contract/index.ts';
import type { ContestEnvironment, Verdict } from '../environment/index.ts';
import {
  type BothRoles,
  type RecordedStep,
  type RecorderOptions,
  type RecordingEnd,
  RecordingFile,
  type RecordingHeader,
  recordEpisode,
} from '../replay/index.ts';
import { codeVersion } from './code-version.ts';

/** Work is handed back to the event loop after this many steps. */
const STEPS_BETWEEN_PAUSES = 20;

/** What to play and where to record it. */
export interface PlayOptions extends Pick<RecorderOptions, 'scenario' | 'engine' | 'script' | 'agents' | 'seed'> {
  readonly environment: ContestEnvironment;
  readonly policies: BothRoles<Policy>;
  readonly recordFile: string | undefined;
  readonly signal: AbortSignal;
}

/** Plays the episode to its end; INTERRUPTED when the signal comes first (the recording so far is whole). */
export async function play(options: PlayOptions): Promise<Verdict> {
  const episode = playing(options);
  for (;;) {
    const next = await episode.next();
    if (next.done) return next.value;
  }
}

/** Plays as `play` does and yields every part of the recording; whoever stops to iterate stops the episode. */
export async function* playing({
  recordFile,
  signal,
  ...options
}: PlayOptions): AsyncGenerator<RecordingHeader | RecordedStep | RecordingEnd, Verdict> {
  const origin = { codeVersion: codeVersion(), nodeVersion: process.version, startedAt: new Date().toISOString() };
  const file = recordFile === undefined ? undefined : new RecordingFile(recordFile);
  try {
    const episode = recordEpisode({ ...options, ...origin });
    for (let parts = 0; ; parts += 1) {
      const next = episode.next();
      if (next.done) return next.value;
      file?.write(next.value);
      yield next.value;
      if (parts % STEPS_BETWEEN_PAUSES === 0) await pause(signal);
    }
  } finally {
    file?.close();
  }
}

/** Lets the event loop turn, and ends the work when Ctrl-C was pressed. */
export async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw new DeeplOpsError('INTERRUPTED', 'stopped before the episode was over');
}
