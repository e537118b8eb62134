/** What is told of a moment, on a scenario whose script breaks things at a known time. */
import { describe, expect, it } from 'vitest';
import { NO_OP } from '../../src/contract/index.ts';
import { createEnvironment } from '../../src/environment/index.ts';
import { type Situation, SituationWatch } from '../../src/replay/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

const times = { severity: 'severe', startSeconds: 22, durationSeconds: 40 };
const scenario = smallScenario({}, [
  { fault: 'service.kill', target: 'back', ...times },
  { fault: 'service.errors', target: 'front', ...times },
]);

/** Plays so many steps with nobody choosing; the state's hash besides. */
function momentAfter(steps: number, watched: boolean): { situation: Situation | undefined; hash: string } {
  const environment = createEnvironment(scenario, { engine: 'flow', script: true });
  const watch = watched ? new SituationWatch(environment) : undefined;
  let { info } = environment.reset({ seed: 3 });
  for (let step = 0; step < steps; step += 1) info = environment.step({ chaos: NO_OP, order: NO_OP }).info;
  return { situation: watch?.after(info), hash: environment.stateHash() };
}

describe('a moment', () => {
  it('before anything happened shows nothing', () => {
    const { situation } = momentAfter(4, true);
    expect(situation).toMatchObject({ step: 4, timeSeconds: 20, objectivesHeld: true, faults: [], repairs: [] });
    expect(situation?.cluster).toEqual([]);
    expect(situation?.users[0]).toMatchObject({ kind: 'users', timeSeconds: 20 });
  });

  it('in a fault shows it, what users lose, and what monitoring noticed', () => {
    const { situation } = momentAfter(9, true);
    expect(situation?.faults).toMatchObject([
      { verb: 'service.kill.severe', component: 'back', startSeconds: 22 },
      { verb: 'service.errors.severe', component: 'front', startSeconds: 22 },
    ]);
    const [users] = situation?.users ?? [];
    expect(users?.goodPerSecond).toBeLessThan(0.9 * (users?.offeredPerSecond ?? 0));
    expect(situation?.cluster.map(({ component }) => component)).toContain('back');
    expect(situation?.signals.map(({ component }) => component)).toContain('front');
  });

  it('after the fault no longer shows it', () => {
    expect(momentAfter(20, true).situation?.faults).toEqual([]);
  });

  it('is told without touching the simulation', () => {
    expect(momentAfter(12, true).hash).toBe(momentAfter(12, false).hash);
  });
});
