/** Replicas that fail where probes do not look, or again and again: what shows them and what ends it. */
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../src/environment/index.ts';
import { END, onFlow, play, withoutFaults } from './incident.ts';

describe.each(engineNames)('a gray failure (%s)', (engine) => {
  const incident = (repair?: string) => play('gray-failure', { engine, repairs: repair ? [`${repair} at 2m`] : [] });

  test('takes a third of the requests while every probe passes', () => {
    const left = incident();
    expect(left.served(0, 60)).toBeGreaterThan(0.99);
    expect(left.served(65, END)).toBeCloseTo(2 / 3, 1);
    expect(left.mean('readyRatio', 'api', 65, END)).toBe(1);
    expect(left.times('replicaNotReady')).toEqual([]);
    expect(left.times('replicaCrashed')).toEqual([]);
  });

  test('shows in how much worse one replica is than all of them', () => {
    expect(incident().mean('replicaSpread', 'api', 65, END)).toBeGreaterThan(0.5);
    expect(play('gray-failure', { engine, change: withoutFaults }).max('replicaSpread', 'api', 0, END)).toBeLessThan(
      0.1,
    );
  });

  test.each(['service.reschedule on api', 'service.restart on api'])('is cured by %s', (repair) => {
    const cured = incident(repair);
    expect(cured.served(200, END)).toBeGreaterThan(0.99);
    expect(cured.verdict.repaired).toBe(true);
  });

  onFlow(engine)('is only diluted by one more replica, and restarting what is not ready is not even on offer', () => {
    const diluted = incident('service.scale-out on api');
    expect(diluted.served(200, END)).toBeCloseTo(3 / 4, 1);
    expect(diluted.verdict.repaired).toBe(false);
    const unready = incident('service.restart-unready on api');
    expect(unready.times('repairStarted')).toEqual([]);
    expect(unready.verdict.repaired).toBe(false);
  });
});

describe.each(engineNames)('a crash loop (%s)', (engine) => {
  const incident = (...repairs: string[]) => play('crash-loop', { engine, repairs });

  test('comes back ever later: after 10, 20, 40, 80, 160 seconds', () => {
    const left = incident();
    const crashes = left.times('replicaCrashed', 'api');
    const gaps = crashes.slice(1).map((time, index) => time - crashes[index]!);
    // Back-off, a start of 5 s and 3 s of life; crashes are seen at the ends of steps of 5 s.
    for (const [index, expected] of [18, 28, 48, 88].entries()) {
      expect(Math.abs(gaps[index]! - expected)).toBeLessThanOrEqual(5);
    }
  });

  test('holds the service down after its cause has gone', () => {
    const left = incident();
    expect(left.times('faultEnded')).toEqual([360]);
    expect(left.served(360, 400)).toBeLessThan(0.1);
    expect(left.served(415, END)).toBeGreaterThan(0.99);
    expect(left.verdict.repaired).toBe(false);
  });

  test('is left by starting the replicas elsewhere', () => {
    const cured = incident('service.reschedule on api at 2m', 'service.reschedule on api at 150s');
    expect(cured.served(200, END)).toBeGreaterThan(0.99);
    expect(cured.verdict.repaired).toBe(true);
  });

  test('goes on after a restart in place, which is right only once the cause has gone', () => {
    expect(incident('service.restart on api at 2m').served(180, 360)).toBeLessThan(0.5);
    const late = incident('service.restart-unready on api at 6m');
    expect(late.served(375, END)).toBeGreaterThan(0.99);
  });
});
