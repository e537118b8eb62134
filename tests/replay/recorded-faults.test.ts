/** What chaos chose in a recording as a script, and what running it again tells of it. */
import { describe, expect, test } from 'vitest';
import { type Recording, recordedFaults, runHistory } from '../../src/replay/index.ts';
import { errorOf } from '../scenario/errors.ts';
import { recordedLines, recordingOf, scenario } from './small-episode.ts';

const recording: Recording = recordingOf(recordedLines({ seed: 3 }).lines);

async function historyOf(of: Recording) {
  const run = runHistory(of);
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
  }
}

describe('a recording', () => {
  test('as a script has each fault that chaos chose, at the time of the choice', async () => {
    const chosen = recording.steps.filter(({ actions }) => actions.chaos !== '-');
    const script = recordedFaults(recording);
    expect(script.map(({ fault, severity, target }) => `${fault}.${severity} on ${target}`)).toEqual(
      chosen.map(({ actions }) => actions.chaos),
    );
    const begun = (await historyOf(recording)).actions.filter(({ sort }) => sort === 'fault');
    expect(script.map(({ startSeconds }) => startSeconds)).toEqual(begun.map(({ startSeconds }) => startSeconds));
  });

  test('of a scripted episode has the faults of the script too', () => {
    const fault = {
      fault: 'service.kill',
      severity: 'mild',
      target: scenario.cluster.services[0]?.name ?? '',
      startSeconds: 1,
      durationSeconds: 20,
      peer: null,
      direction: 'both' as const,
      mode: null,
      value: null,
      parameters: {},
    };
    const header = { ...recording.header, script: true, scenario: { ...scenario, script: [fault] } };
    expect(recordedFaults({ ...recording, header })).toContainEqual(fault);
  });

  test('that names a fault there is not is refused, as is one without times', () => {
    const [first, second, ...rest] = recording.steps;
    const odd = { ...first!, actions: { ...first!.actions, chaos: 'service.vanish.mild on web' } };
    const error = errorOf(() => recordedFaults({ ...recording, steps: [odd, second!, ...rest] }));
    expect([error.code, error.message]).toEqual([
      'RECORDING_VERSION',
      'step 1: this program has no fault service.vanish.mild on web',
    ]);
    const timeless = recording.steps.map((step) => ({ ...step, info: {} as typeof step.info }));
    expect(errorOf(() => recordedFaults({ ...recording, steps: timeless })).code).toBe('RECORDING_INVALID');
  });

  test('run again tells when faults and repairs were over, and what users got', async () => {
    const { actions, before, after, endSeconds } = await historyOf(recording);
    const { contestSeconds, recoverySeconds } = scenario.contest;
    expect(endSeconds).toBe(contestSeconds + recoverySeconds);
    expect(before[0]?.successRatio).toBeGreaterThan(0.99);
    expect(after).toHaveLength(scenario.cluster.workloads.length);
    expect(actions.filter(({ sort }) => sort === 'repair').length).toBeGreaterThan(0);
    for (const { startSeconds, endSeconds: ended, outcome } of actions) {
      expect(ended === null).toBe(outcome === 'open');
      expect(ended ?? endSeconds).toBeGreaterThanOrEqual(startSeconds);
    }
  });

  test('that does not come out as recorded is refused', async () => {
    const [first, ...rest] = recording.steps;
    const other = { ...recording, steps: [{ ...first!, hash: '0000000000000000' }, ...rest] };
    await expect(historyOf(other)).rejects.toMatchObject({ code: 'REPLAY_DIVERGED' });
  });
});
