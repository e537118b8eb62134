/** Settings as users write them. */
import { describe, expect, test } from 'vitest';
import { describeTrainSettings, parseTrainSettings, roleSettings } from '../../src/learn/index.ts';

describe('training settings', () => {
  test('are complete when nothing is said', () => {
    const settings = parseTrainSettings({});
    expect(settings.environments % settings.shards).toBe(0);
    expect(roleSettings(settings, 'order').acts).toBe('best');
    expect(roleSettings(settings, 'chaos').acts).toBe('samples');
  });

  test('let a role differ in one thing and keep the rest', () => {
    const settings = parseTrainSettings({ role: { epochs: 7, discount: 0.8 }, roles: { chaos: { discount: 0.9 } } });
    expect(roleSettings(settings, 'chaos')).toMatchObject({ epochs: 7, discount: 0.9, acts: 'samples' });
    expect(roleSettings(settings, 'order')).toMatchObject({ epochs: 7, discount: 0.8, acts: 'best' });
  });

  test.each([
    [{ steps: 0 }, 'steps'],
    [{ role: { discount: 1.5 } }, 'role.discount'],
    [{ environments: 30, shards: 8 }, 'environments'],
    [{ roles: { chaos: { epochs: -1 } } }, 'roles.chaos.epochs'],
    [{ league: { shares: { past: 'much' } } }, 'league.shares.past'],
  ])('refuse %j and name the key', (input, key) => {
    expect(() => parseTrainSettings(input)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(`${key}:`) }),
    );
  });

  test('guess what an unknown key was meant to be', () => {
    expect(() => parseTrainSettings({ enviroments: 8 })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', hint: 'Did you mean environments?' }),
    );
  });

  test('say where in the file the mistake is', () => {
    const locate = (path: readonly (string | number)[]) => ({ file: 'x.yaml', line: path.length, column: 1 });
    expect(() => parseTrainSettings({ role: { epochs: 0 } }, locate)).toThrow(
      expect.objectContaining({ place: { file: 'x.yaml', line: 2, column: 1 } }),
    );
  });

  test('have a meaning and a default each', () => {
    const descriptions = describeTrainSettings();
    expect(descriptions.length).toBeGreaterThan(30);
    for (const { key, meaning } of descriptions) expect(meaning, key).not.toBe('');
    expect(descriptions).toContainEqual({ key: 'role.clipRange', value: 0.2, meaning: expect.any(String) });
  });
});
