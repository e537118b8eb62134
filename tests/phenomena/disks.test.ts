/** Disks that are slow or full under a store: what users feel, what shows it, and what ends it. */
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../src/environment/index.ts';
import { END, onFlow, play, withoutFaults } from './incident.ts';

describe.each(engineNames)('a slow disk (%s)', (engine) => {
  const incident = (repair?: string) => play('slow-disk', { engine, repairs: repair ? [`${repair} at 2m`] : [] });

  test('makes everything late and nothing fail, with all replicas ready', () => {
    const left = incident();
    const quiet = play('slow-disk', { engine, change: withoutFaults });
    expect(left.latencyP99(70, 240)).toBeGreaterThan(5 * quiet.latencyP99(70, 240));
    expect(left.mean('diskAwait', 'store-disk-0', 70, 240)).toBeGreaterThan(10 * 0.00125);
    expect(left.served(0, 240)).toBeGreaterThan(0.99);
    expect(left.mean('readyRatio', 'store', 70, 240)).toBe(1);
    expect(left.verdict.repaired).toBe(false);
  });

  test.each(['service.fail-over on store', 'disk.replace on store-disk-0'])('is cured by %s', (repair) => {
    const cured = incident(repair);
    expect(cured.latencyP99(300, END)).toBeLessThan(0.1);
    expect(cured.verdict.stillBroken.filter((reason) => !reason.startsWith('availability'))).toEqual([]);
  });

  test('is as slow after a restart of the store', () => {
    const wrong = incident('service.restart on store');
    expect(wrong.latencyP99(170, 240)).toBeGreaterThan(0.1);
    expect(wrong.verdict.repaired).toBe(false);
  });
});

describe.each(engineNames)('a full disk (%s)', (engine) => {
  const incident = (repair?: string) => play('full-disk', { engine, repairs: repair ? [`${repair} at 3m`] : [] });

  test('fails the writes and only them, from its watermark on', () => {
    const left = incident();
    const [over] = left.times('diskOverWatermark', 'store-disk-0');
    expect(over).toBeGreaterThan(100);
    expect(left.served(60, over! - 5)).toBeGreaterThan(0.99);
    expect(left.mean('errorRatio', 'store', over! + 10, END)).toBeCloseTo(0.3, 1);
    expect(left.mean('readyRatio', 'store', 0, END)).toBe(1);
  });

  test.each(['disk.free-space on store-disk-0', 'service.fail-over on store'])('is cured by %s', (repair) => {
    const cured = incident(repair);
    expect(cured.served(200, END)).toBeGreaterThan(0.99);
    expect(cured.verdict.repaired).toBe(true);
  });

  onFlow(engine)('is still full after a restart, and without more retries to hide it', () => {
    for (const repair of ['service.restart on store', 'service.disable-retries on store']) {
      const wrong = incident(repair);
      expect(wrong.served(240, END)).toBeLessThan(0.95);
      expect(wrong.verdict.repaired).toBe(false);
    }
  });
});
