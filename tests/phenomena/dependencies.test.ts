/** Dependencies that take down those who ask them: by the connections they hold, by the caches they do not fill. */
import { describe, expect, test } from 'vitest';
import type { BreakerSpec, CallSpec } from '../../src/cluster/index.ts';
import { engineNames } from '../../src/environment/index.ts';
import type { Scenario } from '../../src/scenario/index.ts';
import { END, onFlow, play, withoutFaults } from './incident.ts';

describe.each(engineNames)('an exhausted connection pool (%s)', (engine) => {
  const incident = (repair?: string) => play('pool-exhaustion', { engine, repairs: repair ? [`${repair} at 2m`] : [] });
  const changed = (changes: Partial<CallSpec>) => {
    const change = (scenario: Scenario): Scenario => {
      const calls = scenario.cluster.calls.map((call) =>
        call.connectionsMax === null ? call : { ...call, ...changes },
      );
      return { ...scenario, cluster: { ...scenario.cluster, calls } };
    };
    return play('pool-exhaustion', { engine, change });
  };

  test('lets something optional and slow take down everything', () => {
    const left = incident();
    expect(left.served(0, 60)).toBeGreaterThan(0.99);
    expect(left.served(100, END)).toBeLessThan(0.4);
    expect(left.mean('saturation', 'shop', 100, END)).toBeGreaterThan(1.5);
    expect(left.mean('cpu', 'shop', 100, END)).toBeLessThan(0.5);
    expect(left.mean('readyRatio', 'shop', 60, END)).toBe(1);
  });

  onFlow(engine).each([
    { name: 'a short wait for connections', changes: { connectionWaitSeconds: 0.05 } },
    { name: 'no bound on connections', changes: { connectionsMax: null } },
  ])('does no such harm with $name', ({ changes }) => {
    expect(changed(changes).served(65, END)).toBeGreaterThan(0.97);
  });

  test('is avoided by a breaker, once calls time out early enough to count as failures', () => {
    const breaker: BreakerSpec = {
      failureRatioMax: 0.3,
      windowSeconds: 10,
      attemptsMin: 5,
      openSeconds: 30,
      trialsPerSecond: 1,
    };
    const guarded = changed({ timeoutSeconds: 0.5, breaker });
    expect(guarded.times('breakerOpened', 'shop').length).toBeGreaterThan(3);
    expect(guarded.served(80, END)).toBeGreaterThan(0.97);
    expect(guarded.latencyP99(80, END)).toBeLessThan(incident().latencyP99(80, END) / 3);
  });

  test('is cured where the slowness is, and not where it hurts', () => {
    const cured = incident('service.restart on recommendations');
    expect(cured.served(180, END)).toBeGreaterThan(0.97);
    expect(cured.verdict.repaired).toBe(true);
    const wrong = incident('service.restart on shop');
    expect(wrong.served(240, END)).toBeLessThan(0.6);
    expect(wrong.verdict.repaired).toBe(false);
  });
});

describe.each(engineNames)('a cold cache (%s)', (engine) => {
  const incident = (repair?: string) => play('cold-cache', { engine, repairs: repair ? [`${repair} at 2m`] : [] });

  test('sends a herd to the database that never ends, without a single retry', () => {
    const left = incident();
    expect(left.mean('requestRate', 'database', 0, 60)).toBeLessThan(13);
    expect(left.mean('requestRate', 'database', 100, END)).toBeGreaterThan(80);
    expect(left.served(100, END)).toBeLessThan(0.15);
    expect(left.mean('retryRatio', 'database', 0, END)).toBe(0);
  });

  onFlow(engine)(
    'is warm for ever when nothing crashes, and warms up by itself where the database is strong enough',
    () => {
      expect(play('cold-cache', { engine, change: withoutFaults }).served(0, END)).toBeGreaterThan(0.99);
      const change = (scenario: Scenario): Scenario => {
        const services = scenario.cluster.services.map((service) =>
          service.name === 'database' ? { ...service, workers: 6 } : service,
        );
        return { ...scenario, cluster: { ...scenario.cluster, services } };
      };
      const strong = play('cold-cache', { engine, change });
      expect(strong.served(120, END)).toBeGreaterThan(0.99);
      expect(strong.mean('requestRate', 'database', 370, END)).toBeLessThan(30);
    },
  );

  test.each(['service.shed-load on shop', 'service.scale-out on database'])('is warmed up by %s', (repair) => {
    const cured = incident(repair);
    expect(cured.served(270, END)).toBeGreaterThan(0.99);
    expect(cured.mean('requestRate', 'database', 370, END)).toBeLessThan(30);
    expect(cured.verdict.repaired).toBe(true);
  });

  test.each(['service.restart on shop', 'service.restart on database'])('stays cold in spite of %s', (repair) => {
    const wrong = incident(repair);
    expect(wrong.served(240, END)).toBeLessThan(0.4);
    expect(wrong.verdict.repaired).toBe(false);
  });
});
