import { describe, expect, it } from 'vitest';
import {
  leftOutFaults,
  playEpisode,
  RecordedPolicy,
  type RecordedStep,
  type Recording,
  type RecordingSource,
  verifyRecording,
} from '../../src/replay/index.ts';
import { policyOf, recordedLines, recordingOf, smallEnvironment } from './small-episode.ts';

const { lines, verdict } = recordedLines({ seed: 5 });
const recording = recordingOf(lines);

async function outcomeOf(changed: RecordingSource) {
  const run = verifyRecording(changed, smallEnvironment());
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
  }
}

function withStep(number: number, change: (step: RecordedStep) => Partial<RecordedStep>): Recording {
  const steps = recording.steps.map((step) => (step.step === number ? { ...step, ...change(step) } : step));
  return { ...recording, steps };
}

/** A step at which order did nothing, and one at which it acted. */
const idle = recording.steps.find(({ step, choices }) => step > 3 && choices.order === 0)?.step ?? 0;
const active = recording.steps.find(({ choices }) => choices.chaos !== 0);

describe('running a recording again', () => {
  it('finds every step as recorded', async () => {
    expect(await outcomeOf(recording)).toEqual({ same: true, steps: recording.steps.length, complete: true });
  });

  it('verifies a recording that was cut off as far as it goes', async () => {
    const cut = recordingOf(lines.slice(0, 12));
    expect(await outcomeOf(cut)).toEqual({ same: true, steps: 11, complete: false });
  });

  it('names the step whose action was changed', async () => {
    const choice = firstLegalRepair(idle);
    const changed = withStep(idle, ({ choices }) => ({ choices: { ...choices, order: choice } }));
    expect(await outcomeOf(changed)).toMatchObject({ same: false, divergence: { step: idle, part: 'action' } });
  });

  it('names the state when action and words were both changed', async () => {
    const other = recordedLines({ seed: 5, order: 'restart-everything' }).lines;
    const first = recordingOf(other).steps.findIndex(({ hash }, index) => hash !== recording.steps[index]?.hash);
    const theirs = recordingOf(other).steps[first];
    const changed = withStep(first + 1, () => ({
      choices: theirs?.choices ?? { chaos: 0, order: 0 },
      actions: theirs?.actions ?? { chaos: '', order: '' },
    }));
    const outcome = await outcomeOf(changed);
    expect(outcome).toMatchObject({ same: false, divergence: { step: first + 1, part: 'state' } });
    expect(outcome.same ? [] : outcome.divergence.tables).not.toEqual([]);
  });

  it('names the mask when a recorded action is not legal', async () => {
    const again = (active?.step ?? 0) + 1;
    const changed = withStep(again, (step) => ({
      choices: { ...step.choices, chaos: active?.choices.chaos ?? 0 },
      actions: { ...step.actions, chaos: active?.actions.chaos ?? '' },
    }));
    expect(await outcomeOf(changed)).toMatchObject({ same: false, divergence: { step: again, part: 'mask' } });
  });

  it('names a reward that differs', async () => {
    const changed = withStep(7, ({ rewards }) => ({ rewards: { ...rewards, order: rewards.order - 1 } }));
    expect(await outcomeOf(changed)).toMatchObject({ same: false, divergence: { step: 7, part: 'reward' } });
  });

  it('names a state hash that differs', async () => {
    const changed = withStep(9, () => ({ hash: '0123456789abcdef' }));
    expect(await outcomeOf(changed)).toMatchObject({
      same: false,
      divergence: { step: 9, part: 'state', expected: '0123456789abcdef' },
    });
  });

  it('notices a verdict that differs', async () => {
    const end = recording.end && { ...recording.end, verdict: { ...verdict, repaired: !verdict.repaired } };
    expect(await outcomeOf({ ...recording, end })).toMatchObject({ same: false, divergence: { part: 'end' } });
  });

  it('notices steps behind the end of the episode', async () => {
    const last = recording.steps.at(-1);
    const steps = last ? [...recording.steps, { ...last, step: last.step + 1 }] : [];
    expect(await outcomeOf({ ...recording, steps, end: null })).toMatchObject({
      same: false,
      divergence: { part: 'end' },
    });
  });

  it('reads a step only when those before it came out as recorded', async () => {
    let read = 0;
    function* steps() {
      for (const step of recording.steps) {
        read += 1;
        yield step;
      }
    }
    const run = verifyRecording({ ...recording, steps: steps() }, smallEnvironment());
    for (let verified = 1; verified <= 5; verified += 1) {
      await run.next();
      expect(read).toBe(verified);
    }
  });

  it('refuses a recording of other features or actions, and says whose', async () => {
    const { specHashes } = recording.header;
    const order = { ...specHashes.order, action: 'ffffffffffffffff' };
    const chaos = { ...specHashes.chaos, observation: 'ffffffffffffffff' };
    const foreign = { ...recording, header: { ...recording.header, specHashes: { chaos, order } } };
    await expect(outcomeOf(foreign)).rejects.toMatchObject({
      code: 'RECORDING_VERSION',
      message:
        '0.0.0+test wrote this recording, and here it would not be the same episode: chaos has another observation; order has other actions',
      hint: 'Replay it with 0.0.0+test, or record the episode again: small, seed 5, chaos monkey, order runbook.',
    });
  });

  it('refuses a recording of a state with other tables, and names them', async () => {
    const { node, ...others } = recording.header.tables;
    const tables = { ...others, 'old-table': node ?? '' };
    const foreign = { ...recording, header: { ...recording.header, tables } };
    await expect(outcomeOf(foreign)).rejects.toMatchObject({
      code: 'RECORDING_VERSION',
      message: expect.stringContaining('the state has no old-table any more; the state also has node'),
    });
  });
});

describe('another order agent against the recorded chaos', () => {
  it('gets the same faults and the same world until it acts', () => {
    const environment = smallEnvironment();
    const chaos = new RecordedPolicy(recording, 'chaos');
    const policies = { chaos, order: policyOf('runbook', 'order', environment) };
    const hashes = [...playEpisode({ environment, policies, seed: 5 })].map(() => environment.stateHash());
    expect(hashes).toHaveLength(recording.steps.length);
    expect(hashes.at(-1)).toBe(recording.steps.at(-1)?.hash);
    expect(chaos.illegalCount).toBe(0);
  });

  it('leaves out recorded faults that are not legal now, counts them and tells of them', () => {
    const environment = smallEnvironment();
    const { observations } = environment.reset({ seed: 5 });
    const leftOut = leftOutFaults(environment);
    const chaos = new RecordedPolicy(recording, 'chaos', (choice) => environment.skipFault(choice));
    const observation = observations.chaos;
    if (!observation) throw new Error('chaos sees nothing');
    const blind = { ...observation, mask: Uint8Array.from(observation.mask, (_, choice) => (choice === 0 ? 1 : 0)) };
    const choices = recording.steps.map(() => chaos.act(blind));
    expect(new Set(choices)).toEqual(new Set([0]));
    const chosen = recording.steps.map(({ actions }) => actions.chaos).filter((words) => words !== '-');
    expect(chaos.illegalCount).toBe(chosen.length);
    expect(leftOut.map(({ verb, component }) => `${verb} on ${component}`)).toEqual(chosen);
  });
});

/** Any repair that was legal at a step. */
function firstLegalRepair(number: number): number {
  const environment = smallEnvironment();
  let { observations } = environment.reset({ seed: 5 });
  for (const step of recording.steps.slice(0, number - 1)) observations = environment.step(step.choices).observations;
  return observations.order?.mask.findIndex((legal, choice) => choice > 0 && legal === 1) ?? 0;
}
