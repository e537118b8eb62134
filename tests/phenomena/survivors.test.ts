/** Failures that feed on survivors: whoever is left, or comes back first, meets the load of all. */
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../src/environment/index.ts';
import type { Scenario } from '../../src/scenario/index.ts';
import { END, onFlow, play, withoutFaults, withService } from './incident.ts';

describe.each(engineNames)('a cascade over survivors (%s)', (engine) => {
  const incident = (...repairs: string[]) => play('cascade', { engine, repairs });

  test('takes the four healthy replicas after the two that were lost', () => {
    const left = incident();
    expect(left.served(0, 60)).toBeGreaterThan(0.99);
    expect(left.times('replicaCrashed', 'worker').length).toBeGreaterThan(3);
    expect(left.served(150, END)).toBeLessThan(0.4);
    expect(left.verdict.repaired).toBe(false);
  });

  onFlow(engine)('does not start without a lost machine, nor where a queue is short', () => {
    const quiet = play('cascade', { engine, change: withoutFaults });
    expect(quiet.times('replicaCrashed')).toEqual([]);
    expect(quiet.served(0, END)).toBeGreaterThan(0.99);
    const change = (scenario: Scenario) => withService(scenario, 'worker', { queueMax: 20 });
    const bounded = play('cascade', { engine, change });
    expect(bounded.times('replicaCrashed')).toEqual([]);
    expect(bounded.served(120, END)).toBeGreaterThan(0.8);
  });

  test('is held off by refusing users until the machine is back', () => {
    const cured = incident('service.shed-load on gateway at 90s', 'node.reboot on node-1 at 2m');
    expect(cured.times('replicaCrashed')).toEqual([]);
    expect(cured.served(220, END)).toBeGreaterThan(0.99);
    expect(cured.verdict.repaired).toBe(true);
  });

  test('is made worse by a rolling restart', () => {
    expect(incident('service.restart on worker at 85s').served(120, END)).toBeLessThan(0.35);
  });
});

describe.each(engineNames)('health checks that evict healthy replicas (%s)', (engine) => {
  const incident = (...repairs: string[]) => play('evicting-health-checks', { engine, repairs });

  test('make a lasting outage of ninety seconds with too many users', () => {
    const left = incident();
    expect(left.served(0, 60)).toBeGreaterThan(0.99);
    expect(left.times('faultEnded')).toEqual([150]);
    expect(left.times('replicaCrashed', 'api').length).toBeGreaterThan(2);
    expect(left.served(300, END)).toBeLessThan(0.35);
  });

  onFlow(engine)('are the cause: without them the surge costs what it exceeds, and no more', () => {
    const patient = { failureThreshold: 1000 };
    const change = (scenario: Scenario) =>
      withService(scenario, 'api', {
        readiness: { ...readinessOf(scenario, 'api'), ...patient },
        liveness: { ...readinessOf(scenario, 'api'), ...patient },
      });
    const bounded = play('evicting-health-checks', { engine, change });
    expect(bounded.served(70, 150)).toBeGreaterThan(0.65);
    expect(bounded.served(170, END)).toBeGreaterThan(0.99);
  });

  onFlow(engine)('can be got over during the surge by refusing users and bringing all back together', () => {
    const cured = incident('service.shed-load on gateway at 100s', 'service.restart-unready on api at 110s');
    expect(cured.served(170, END)).toBeGreaterThan(0.6);
    expect(cured.verdict.repaired).toBe(true);
  });

  test('must let all replicas back together', () => {
    const together = incident('service.restart-unready on api at 4m');
    expect(together.served(280, END)).toBeGreaterThan(0.97);
    expect(together.verdict.repaired).toBe(true);
    const rolling = incident('service.restart on api at 4m');
    expect(rolling.served(300, END)).toBeLessThan(0.5);
    expect(rolling.verdict.repaired).toBe(false);
  });

  onFlow(engine).each(['service.scale-out on api', 'service.reschedule on api'])('go on in spite of %s', (repair) => {
    const wrong = incident(`${repair} at 4m`);
    expect(wrong.served(300, END)).toBeLessThan(0.5);
    expect(wrong.verdict.repaired).toBe(false);
  });
});

function readinessOf({ cluster }: Scenario, name: string): Scenario['cluster']['services'][number]['readiness'] {
  return cluster.services.find((service) => service.name === name)!.readiness;
}
