/** Branching off a recording: what both sides did up to a step, and another order agent from there. */
import { describe, expect, it } from 'vitest';
import { NO_OP, type Policy } from '../../src/contract/index.ts';
import { checkSameSoFar, playEpisode, RecordedPolicy, TakeOver } from '../../src/replay/index.ts';
import { errorOf } from '../scenario/errors.ts';
import { policyOf, recordedLines, recordingOf, smallEnvironment } from './small-episode.ts';

const recording = recordingOf(recordedLines({ seed: 5, order: 'restart-everything' }).lines);
const hashes = recording.steps.map(({ hash }) => hash);
const repairSteps = recording.steps.filter(({ choices }) => choices.order !== NO_OP).map(({ step }) => step);

/** Plays a branch and returns the state after each step, and what order did. */
function branch(steps: number, heirOf: (environment: ReturnType<typeof smallEnvironment>) => Policy) {
  const environment = smallEnvironment();
  const order = new TakeOver({ recorded: new RecordedPolicy(recording, 'order'), heir: heirOf(environment), steps });
  const policies = { chaos: new RecordedPolicy(recording, 'chaos'), order };
  const played: { hash: string; order: number }[] = [];
  for (const { choices } of playEpisode({ environment, policies, seed: recording.header.seed })) {
    played.push({ hash: environment.stateHash(), order: choices.order });
  }
  return played;
}

describe('a branch', () => {
  it.each([0, 5, 17, 36])('from step %i with the agent that was recorded is the recorded episode', (steps) => {
    const played = branch(steps, (environment) => policyOf('restart-everything', 'order', environment));
    expect(played.map(({ hash }) => hash)).toEqual(hashes);
  });

  it('is the recording up to its step, and another episode from the first other choice on', () => {
    const [first = 0, second = 0] = repairSteps;
    const played = branch(first, (environment) => policyOf('none', 'order', environment));
    expect(played.slice(0, second - 1).map(({ hash }) => hash)).toEqual(hashes.slice(0, second - 1));
    expect(played[second - 1]?.hash).not.toBe(hashes[second - 1]);
    expect(played.slice(first).every(({ order }) => order === NO_OP)).toBe(true);
  });

  it('lets the agent watch until its turn, and tells it what was played instead', () => {
    const told: [step: number, played: number][] = [];
    let seen = 0;
    const idle: Policy = {
      name: 'idle',
      reset: () => {},
      act: () => {
        seen += 1;
        return NO_OP;
      },
      overruled: (played) => told.push([seen, played]),
    };
    branch(20, () => idle);
    expect(seen).toBe(36);
    const before = recording.steps.filter(({ step }) => step <= 20 && repairSteps.includes(step));
    expect(told).toEqual(before.map(({ step, choices }) => [step, choices.order]));
  });
});

describe('a branch held against its recording', () => {
  const { header, steps } = recording;
  const other = { ...steps[8]!, hash: '0000000000000000' };

  it('must be the same at the beginning and up to its step', () => {
    for (const part of [header, ...steps.slice(0, 9)]) checkSameSoFar(recording, part, 9);
    expect(errorOf(() => checkSameSoFar(recording, { ...header, hash: other.hash }, 0)).code).toBe('REPLAY_DIVERGED');
    const error = errorOf(() => checkSameSoFar(recording, other, 9));
    expect([error.code, error.message]).toEqual([
      'REPLAY_DIVERGED',
      'step 9: the state is another one than was recorded, so there is nothing to branch from',
    ]);
  });

  it('may be another afterwards', () => {
    expect(() => checkSameSoFar(recording, other, 8)).not.toThrow();
  });
});
