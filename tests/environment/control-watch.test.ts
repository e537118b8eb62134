/** What a contest tells of its control plane: each happening once, at the end of the step it fell into. */
import { describe, expect, test } from 'vitest';
import { type ContestEnvironment, type ControlHappening, createEnvironment } from '../../src/environment/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

const silence = { chaos: 0, order: 0 };

type Script = Parameters<typeof smallScenario>[1];

function environmentWith(script: Script): ContestEnvironment {
  return createEnvironment(smallScenario({}, script), { engine: 'flow', script: true });
}

/** Plays an episode and keeps what was told, as `time kind component replicas`. */
function told(script: Script): string[] {
  const environment = environmentWith(script);
  const words: string[] = [];
  environment.events.on('controlPlane', ({ timeSeconds, kind, component, replicas = [] }: ControlHappening) => {
    words.push([timeSeconds, kind, component, ...replicas].join(' '));
  });
  environment.reset({ seed: 1 });
  while (environment.running) environment.step(silence);
  return words;
}

const crash = {
  fault: 'service.kill',
  target: 'back',
  severity: 'mild',
  startSeconds: 12,
  durationSeconds: 10,
} as const;
const loss = {
  fault: 'node.down',
  target: 'node-a',
  severity: 'severe',
  startSeconds: 12,
  durationSeconds: 60,
} as const;

describe('the control plane of a contest', () => {
  test('is silent while nothing happens', () => {
    expect(told([])).toEqual([]);
  });

  test('tells that a replica crashed and is ready again', () => {
    const words = told([crash]);
    const [first, second] = words;
    expect(first).toMatch(/^15 replicaCrashed back \d$/);
    expect(words.some((line) => /replicaReady back \d$/.test(line))).toBe(true);
    expect(second?.slice(-1)).toBe(first?.slice(-1));
  });

  test('tells of a machine that is off, that it is missed, and that it is heard again', () => {
    const words = told([loss]);
    expect(words.some((line) => /^15 replicaLost \S+ \d/.test(line))).toBe(true);
    const missed = words.find((line) => line.includes('nodeLost node-a'));
    const back = words.find((line) => line.includes('nodeBack node-a'));
    expect(Number.parseInt(missed ?? '', 10)).toBeGreaterThan(15);
    expect(Number.parseInt(back ?? '', 10)).toBe(75);
  });

  test('begins anew with each episode', () => {
    const environment = environmentWith([crash]);
    const times: number[] = [];
    environment.events.on('controlPlane', ({ timeSeconds }) => times.push(timeSeconds));
    environment.reset({ seed: 1 });
    for (let step = 0; step < 4; step += 1) environment.step(silence);
    const before = times.length;
    environment.reset({ seed: 1 });
    environment.step(silence);
    expect(times).toHaveLength(before);
  });

  test('does not change the episode by being listened to', () => {
    const [heard, unheard] = [environmentWith([crash]), environmentWith([crash])];
    heard.events.on('controlPlane', () => {});
    heard.reset({ seed: 1 });
    unheard.reset({ seed: 1 });
    while (heard.running) {
      heard.step(silence);
      unheard.step(silence);
      expect(heard.stateHash()).toBe(unheard.stateHash());
    }
  });
});
