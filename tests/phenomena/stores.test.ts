/** Stores whose leader is gone: the gap until the next, and the writes that a hasty fail-over throws away. */
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../src/environment/index.ts';
import { END, onFlow, play, withoutFaults } from './incident.ts';

describe.each(engineNames)('an election gap (%s)', (engine) => {
  const incident = (...repairs: string[]) => play('election-gap', { engine, repairs });

  test('is as long as the election waits, with a healthy follower standing by', () => {
    const left = incident();
    expect(left.served(65, 180)).toBeLessThan(0.02);
    expect(left.times('leaderLost', 'store')).toEqual([60]);
    expect(left.times('leaderElected', 'store')).toEqual([180]);
    expect(left.served(185, END)).toBeGreaterThan(0.99);
    expect(left.verdict.repaired).toBe(false);
  });

  test('is ended by a fail-over, at the price of a second of writes', () => {
    const cured = incident('service.fail-over on store at 80s');
    expect(cured.served(95, END)).toBeGreaterThan(0.99);
    expect(cured.verdict.lostWrites).toBeLessThan(50);
    expect(cured.verdict.repaired).toBe(true);
  });

  onFlow(engine)('is not ended by retries or their absence', () => {
    const wrong = incident('service.disable-retries on store at 80s');
    expect(wrong.served(65, 180)).toBeLessThan(0.02);
    expect(wrong.verdict.repaired).toBe(false);
  });
});

describe.each(engineNames)('replication lag (%s)', (engine) => {
  const incident = (...repairs: string[]) => play('replica-lag', { engine, repairs });

  test('grows by a second each second while the follower is cut off, and nobody takes the lead with it', () => {
    const left = incident();
    expect(left.max('replicationLag', 'store', 60, 155)).toBeGreaterThan(80);
    expect(left.times('leaderElected')).toEqual([]);
    expect(left.served(160, END)).toBeLessThan(0.02);
    expect(play('replica-lag', { engine, change: withoutFaults }).max('replicationLag', 'store', 0, END)).toBeLessThan(
      1,
    );
  });

  test('is data lost for ever when the follower is promoted at once', () => {
    const hasty = incident('service.fail-over on store at 165s');
    expect(hasty.served(180, END)).toBeGreaterThan(0.99);
    // 90 s behind, 50 writes a second.
    expect(hasty.verdict.lostWrites).toBeGreaterThan(3000);
    expect(hasty.verdict.repaired).toBe(false);
    expect(hasty.verdict.stillBroken.join()).toMatch(/acknowledged writes are lost/);
  });

  test('costs nothing when the leader is brought back instead', () => {
    const patient = incident('node.reboot on node-1 at 165s');
    expect(patient.verdict.lostWrites).toBe(0);
    expect(patient.verdict.repaired).toBe(true);
  });

  test('costs seconds of writes when the same fail-over is done with an up-to-date follower', () => {
    const change = (scenario: Parameters<typeof withoutFaults>[0]) => ({
      ...scenario,
      script: scenario.script.slice(1),
    });
    const harmless = play('replica-lag', { engine, change, repairs: ['service.fail-over on store at 165s'] });
    expect(harmless.verdict.lostWrites).toBeLessThan(500);
    expect(harmless.verdict.repaired).toBe(true);
  });
});
