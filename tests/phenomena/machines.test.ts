/** Machines that go off alone or together: how long nobody notices, and what shortens it. */
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../src/environment/index.ts';
import { END, onFlow, play } from './incident.ts';

describe.each(engineNames)('a lost machine (%s)', (engine) => {
  const incident = (repair?: string) => play('node-loss', { engine, repairs: repair ? [`${repair}`] : [] });

  test('takes its share of the requests until it is believed to be gone, and is replaced a minute later', () => {
    const left = incident();
    expect(left.served(65, 105)).toBeCloseTo(2 / 3, 1);
    expect(left.times('nodeLost')).toEqual([105]);
    expect(left.served(105, END)).toBeGreaterThan(0.99);
    expect(left.times('replicaMoved')).toEqual([165]);
  });

  test('is replaced sooner by hand', () => {
    const sooner = incident('service.reschedule on api at 75s');
    expect(sooner.times('replicaMoved')[0]).toBeLessThanOrEqual(80);
    expect(sooner.served(85, END)).toBeGreaterThan(0.99);
    expect(sooner.verdict.brokenSeconds).toBeLessThan(incident().verdict.brokenSeconds);
  });

  onFlow(engine)('is not reached by a restart in place', () => {
    const wrong = incident('service.restart-unready on api at 75s');
    expect(wrong.times('replicaReady').filter((time) => time < 165)).toEqual([]);
    expect(wrong.times('replicaMoved')).toEqual([165]);
  });
});

describe.each(engineNames)('a lost zone (%s)', (engine) => {
  const incident = (...repairs: string[]) => play('zone-loss', { engine, repairs });

  test('takes both machines at once, and the store with its leader until the election', () => {
    const left = incident();
    expect(left.times('faultStarted')).toEqual([60, 60]);
    expect(left.times('nodeLost')).toEqual([105, 105]);
    expect(left.served(65, 180)).toBeLessThan(0.05);
    const [elected] = left.times('leaderElected', 'store');
    expect(elected).toBeGreaterThanOrEqual(180);
    expect(left.served(elected! + 5, END)).toBeGreaterThan(0.99);
    expect(left.verdict.repaired).toBe(false);
  });

  onFlow(engine)('is bearable when one machine of it is lost, which is what the system was sized for', () => {
    const one = play('zone-loss', {
      engine,
      change: (scenario) => ({ ...scenario, script: scenario.script.filter(({ target }) => target === 'east-2') }),
    });
    expect(one.served(0, END)).toBeGreaterThan(0.97);
  });

  test('is got over by a fail-over to the other zone', () => {
    const cured = incident('service.fail-over on store at 75s');
    expect(cured.served(110, END)).toBeGreaterThan(0.99);
    expect(cured.verdict.repaired).toBe(true);
  });

  test('is not got over by restarts, which reach nothing there', () => {
    const wrong = incident('service.restart on store at 75s', 'service.restart on api at 75s');
    expect(wrong.times('leaderElected', 'store')[0]).toBeGreaterThanOrEqual(180);
    expect(wrong.verdict.repaired).toBe(false);
  });
});
