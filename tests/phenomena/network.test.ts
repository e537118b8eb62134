/** Networks that lose what they should carry: whose probes notice, and what leads around them. */
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../src/environment/index.ts';
import type { Scenario } from '../../src/scenario/index.ts';
import { END, onFlow, play } from './incident.ts';

describe.each(engineNames)('a saturated link (%s)', (engine) => {
  const incident = (repair?: string) => play('link-saturation', { engine, repairs: repair ? [`${repair} at 2m`] : [] });

  test('loses two thirds of all packets and makes the rest late, behind probes that pass', () => {
    const left = incident();
    expect(left.served(0, 60)).toBeGreaterThan(0.99);
    expect(left.mean('loss', 'node-3-uplink', 65, 240)).toBeCloseTo(2 / 3, 1);
    expect(left.mean('utilisation', 'node-3-uplink', 65, 240)).toBeGreaterThan(2.5);
    expect(left.served(65, 240)).toBeLessThan(0.9);
    expect(left.latencyP99(65, 240)).toBeGreaterThan(5 * left.latencyP99(0, 60));
    expect(left.mean('readyRatio', 'api', 0, END)).toBe(1);
    expect(left.verdict.repaired).toBe(false);
  });

  onFlow(engine)('does no harm while the foreign traffic leaves room', () => {
    const change = (scenario: Scenario): Scenario => ({
      ...scenario,
      script: scenario.script.map((fault) => ({ ...fault, parameters: { offeredShare: 0.8 } })),
    });
    expect(play('link-saturation', { engine, change }).served(60, 240)).toBeGreaterThan(0.99);
  });

  test.each(['link.throttle on node-3-uplink', 'node.drain on node-3'])('is cured by %s', (repair) => {
    const cured = incident(repair);
    expect(cured.served(200, END)).toBeGreaterThan(0.99);
    expect(cured.verdict.repaired).toBe(true);
  });

  test('is as full after a restart of what is behind it', () => {
    const wrong = incident('service.restart on api');
    expect(wrong.served(170, 240)).toBeLessThan(0.9);
    expect(wrong.verdict.repaired).toBe(false);
  });
});

describe.each(engineNames)('an asymmetric partition (%s)', (engine) => {
  const incident = (repair?: string) =>
    play('asymmetric-partition', { engine, repairs: repair ? [`${repair} at 2m`] : [] });

  test('goes unnoticed for ever, where a whole one is noticed and got over', () => {
    const left = incident();
    expect(left.times('nodeLost')).toEqual([]);
    expect(left.served(65, END)).toBeCloseTo(2 / 3, 1);
    expect(left.verdict.repaired).toBe(false);
    const change = (scenario: Scenario): Scenario => ({
      ...scenario,
      script: scenario.script.map((fault) => ({ ...fault, direction: 'both' })),
    });
    const whole = play('asymmetric-partition', { engine, change });
    expect(whole.times('nodeLost')).toEqual([105]);
    expect(whole.served(110, END)).toBeGreaterThan(0.99);
  });

  test.each(['service.reschedule on api', 'node.drain on node-1'])('is cured by %s', (repair) => {
    const cured = incident(repair);
    expect(cured.served(200, END)).toBeGreaterThan(0.99);
    expect(cured.verdict.repaired).toBe(true);
  });

  onFlow(engine)('is felt by nobody while callers keep off the link', () => {
    expect(incident('link.reroute on node-1-uplink').served(130, 300)).toBeGreaterThan(0.99);
  });

  test('is not in the process, so that a restart does nothing', () => {
    const wrong = incident('service.restart on api');
    expect(wrong.served(200, END)).toBeLessThan(0.75);
    expect(wrong.verdict.repaired).toBe(false);
  });
});
