/** `replay` of a recording alone: every step run again and compared, and the story of it where that is wanted. */
import { DeeplOpsError } from '../base/index.ts';
import { createEnvironment } from '../environment/index.ts';
import {
  checkWithin,
  type Divergence,
  endsBefore,
  hasCome,
  type Moment,
  type RecordingHeader,
  type RecordingSource,
  type Situation,
  SituationWatch,
  verifyRecording,
} from '../replay/index.ts';
import { codeVersion } from './code-version.ts';
import type { CommandContext } from './command.ts';
import { pause } from './play.ts';
import { situationText } from './situation-text.ts';
import { printTimeline, timelinePart, verdictText } from './timeline.ts';

/** Where to stop, and whether to tell what happens. */
export interface VerifyOptions {
  readonly until: Moment | undefined;
  readonly timeline: boolean;
}

/** Throws REPLAY_DIVERGED at the first step that differs; holds one step of the recording at a time. */
export async function verify(
  recording: RecordingSource,
  { until, timeline: tells }: VerifyOptions,
  context: CommandContext,
): Promise<void> {
  const { output, progress, stopSignal } = context;
  const { header } = recording;
  const signal = stopSignal();
  const { contestSeconds, recoverySeconds } = header.scenario.contest;
  const show = progress('replaying', contestSeconds + recoverySeconds);
  const environment = createEnvironment(header.scenario, { engine: header.engine, script: header.script });
  if (until) checkWithin(until, environment.length);
  const timeline = tells ? printTimeline(environment, output) : undefined;
  const watch = until && new SituationWatch(environment);
  const run = verifyRecording(recording, environment);
  let seconds = 0;
  for (;;) {
    const next = await run.next();
    if (next.done) {
      if (!next.value.same) throw diverged(next.value.divergence, header, output);
      const { steps, complete } = next.value;
      if (until) throw endsBefore('recording', { steps, seconds });
      const end = recording.end?.verdict ?? null;
      const text = [`${steps} steps run again, each came out as recorded`];
      if (end) text.push(verdictText(end));
      if (!complete) text.push('The recording was cut off before the end of the episode.');
      output.result({ same: true, steps, complete, verdict: end, ...timelinePart(timeline) }, text.join('\n'));
      return;
    }
    const { step, info } = next.value;
    if (watch && hasCome(until, info)) {
      const situation: Situation = watch.after(info);
      const text = `${step} steps run again, each came out as recorded\n${situationText(situation)}`;
      output.result({ same: true, steps: step, complete: false, situation, ...timelinePart(timeline) }, text);
      return;
    }
    seconds = info.timeSeconds;
    show(seconds);
    await pause(signal);
  }
}

function diverged(divergence: Divergence, header: RecordingHeader, output: CommandContext['output']): DeeplOpsError {
  const { step, part, expected, actual, tables } = divergence;
  const where = tables.length > 0 ? ` in ${tables.slice(0, 8).join(', ')}${tables.length > 8 ? ' ...' : ''}` : '';
  if (output.json) output.result({ same: false, divergence, recordedBy: header.codeVersion }, '');
  const message = `step ${step}: the ${part} differs${where}: recorded ${expected}, now ${actual}`;
  const written = `Recorded by ${header.codeVersion} on Node.js ${header.nodeVersion}`;
  const here = `this is ${codeVersion()} on Node.js ${process.version}`;
  const advice = header.codeVersion === codeVersion() ? '' : ' Replay it with the version that recorded it.';
  return new DeeplOpsError('REPLAY_DIVERGED', message, { hint: `${written}; ${here}.${advice}` });
}
