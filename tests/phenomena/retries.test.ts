/** Failures that feed on retries: how they come up, that they outlive their causes, and what ends them. */
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../src/environment/index.ts';
import type { Scenario } from '../../src/scenario/index.ts';
import { END, onFlow, play, withCalls, withService } from './incident.ts';

describe.each(engineNames)('a retry storm (%s)', (engine) => {
  const incident = (...repairs: string[]) => play('retry-storm', { engine, repairs });

  test('makes an outage of a slowdown that most users would not notice', () => {
    const left = incident();
    const single = play('retry-storm', { engine, change: (scenario) => withCalls(scenario, { retriesMax: 0 }) });
    expect(single.served(60, 300)).toBeGreaterThan(0.75);
    expect(left.served(75, 300)).toBeLessThan(0.1);
    expect(left.mean('requestRate', 'backend', 90, 300)).toBeGreaterThan(
      3.5 * left.mean('requestRate', 'backend', 0, 60),
    );
  });

  onFlow(engine)('does not come up with a retry budget', () => {
    const bounded = play('retry-storm', {
      engine,
      change: (scenario) => withCalls(scenario, { retryBudgetRatio: 0.1 }),
    });
    expect(bounded.served(300, END)).toBeGreaterThan(0.97);
    expect(bounded.max('requestRate', 'backend', 0, END)).toBeLessThan(1.5 * 57 * 1.1);
  });

  test('ends without retries while its cause goes on', () => {
    const cured = incident('service.disable-retries on backend at 130s');
    expect(cured.times('faultEnded')).toEqual([300]);
    expect(cured.served(180, 300)).toBeGreaterThan(0.75);
    expect(cured.verdict.repaired).toBe(true);
  });

  onFlow(engine).each(['service.restart on backend at 130s', 'service.scale-out on backend at 130s'])(
    'goes on in spite of %s',
    (repair) => {
      const wrong = incident(repair);
      expect(wrong.served(240, 300)).toBeLessThan(0.1);
      expect(wrong.verdict.repaired).toBe(false);
    },
  );
});

describe.each(engineNames)('a metastable failure (%s)', (engine) => {
  const incident = (repair?: string) => play('metastable', { engine, repairs: repair ? [`${repair} at 3m`] : [] });

  test('outlives the twelve seconds that caused it, with 2.8 times the load that would be fine', () => {
    const left = incident();
    expect(left.served(0, 60)).toBeGreaterThan(0.99);
    expect(left.times('faultEnded')).toEqual([72]);
    expect(left.served(100, END)).toBeLessThan(0.05);
    expect(left.mean('requestRate', 'backend', 100, END)).toBeGreaterThan(3.5 * 70);
    expect(left.mean('retryRatio', 'backend', 100, END)).toBeCloseTo(0.75, 1);
    expect(left.verdict.repaired).toBe(false);
  });

  onFlow(engine).each([
    { name: 'without retries', changes: { retriesMax: 0 } },
    { name: 'with a retry budget of 20 %', changes: { retryBudgetRatio: 0.2 } },
  ])('$name the system gets over it by itself', ({ changes }) => {
    const bounded = play('metastable', { engine, change: (scenario) => withCalls(scenario, changes) });
    expect(bounded.served(60, 75)).toBeLessThan(0.5);
    expect(bounded.served(180, END)).toBeGreaterThan(0.99);
  });

  onFlow(engine)('with a queue shorter than the time-out the system gets over it by itself', () => {
    const change = (scenario: Scenario) => withService(scenario, 'backend', { queueMax: 30 });
    expect(play('metastable', { engine, change }).served(180, END)).toBeGreaterThan(0.99);
  });

  test('ends when retries are switched off, and does not come back when they are on again', () => {
    const cured = incident('service.disable-retries on backend');
    expect(cured.served(270, END)).toBeGreaterThan(0.99);
    expect(cured.mean('retryRatio', 'backend', 370, END)).toBeLessThan(0.05);
    expect(cured.verdict.repaired).toBe(true);
  });

  const staysDown = (repair: string): void => {
    const wrong = incident(repair);
    expect(wrong.times('repairFinished').length).toBeGreaterThan(0);
    expect(wrong.served(300, END)).toBeLessThan(0.1);
    expect(wrong.verdict.repaired).toBe(false);
  };

  test('goes on when a third of the users are refused', () => staysDown('service.shed-load on gateway'));

  onFlow(engine).each(['service.restart on backend', 'service.scale-out on backend'])(
    'goes on in spite of %s',
    staysDown,
  );
});

describe.each(engineNames)('retries in every layer (%s)', (engine) => {
  const incident = (...repairs: string[]) => play('retry-layers', { engine, repairs });

  test('multiply: four attempts in each of three layers are sixty-four, and the last one stays down', () => {
    const left = incident();
    const users = left.mean('requestRate', 'shop', 0, 60);
    expect(left.mean('requestRate', 'orders', 180, END)).toBeGreaterThan(3 * users);
    expect(left.mean('requestRate', 'prices', 180, END)).toBeGreaterThan(11 * users);
    expect(left.mean('requestRate', 'catalog', 180, END)).toBeGreaterThan(40 * users);
    expect(left.mean('requestRate', 'catalog', 180, END)).toBeLessThan(70 * users);
    expect(left.served(120, END)).toBeLessThan(0.05);
  });

  onFlow(engine)('in one layer only are four, and the system gets over it', () => {
    const change = (scenario: Scenario) => {
      const calls = scenario.cluster.calls.map((call, index) => ({ ...call, retriesMax: index === 2 ? 3 : 0 }));
      return { ...scenario, cluster: { ...scenario.cluster, calls } };
    };
    expect(play('retry-layers', { engine, change }).served(180, END)).toBeGreaterThan(0.97);
  });

  test('must be switched off in two of them', () => {
    const one = incident('service.disable-retries on catalog at 3m');
    expect(one.served(240, 360)).toBeLessThan(0.1);
    const two = incident('service.disable-retries on catalog at 3m', 'service.disable-retries on prices at 3m');
    expect(two.served(270, END)).toBeGreaterThan(0.97);
    expect(two.verdict.repaired).toBe(true);
  });

  onFlow(engine)('are too many even without a third of the users', () => {
    expect(incident('service.shed-load on shop at 3m').served(185, 300)).toBeLessThan(0.1);
  });
});
