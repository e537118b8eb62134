/** Settings as users write them. */
import { describe, expect, test } from 'vitest';
import {
  checkTrainSettings,
  describeTrainSettings,
  parseTrainSettings,
  roleSettings,
  Trainer,
} from '../../src/learn/index.ts';
import { toySettings } from '../support/learning.ts';
import { smallScenario } from '../support/small-scenario.ts';

const contest = { name: 'contest', options: { scenarios: [smallScenario()], engine: 'flow' } };

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

  test.each([
    [{ enviroments: 8 }, 'enviroments', 'Did you mean environments?'],
    [{ role: { discont: 0.9 } }, 'role.discont', 'Did you mean role.discount?'],
    [{ roles: { chaos: { epoch: 3 } } }, 'roles.chaos.epoch', 'Did you mean roles.chaos.epochs?'],
    [{ league: { share: {} } }, 'league.share', 'Did you mean league.shares?'],
    [{ coldStart: { order: { round: 3 } } }, 'coldStart.order.round', 'Did you mean coldStart.order.rounds?'],
    [{ epochs: 8 }, 'epochs', 'Did you mean role.epochs?'],
    [{ schedule: { xyz: 1 } }, 'schedule.xyz', 'The settings here are roles, firstIterations'],
  ])('guess what an unknown key in %j was meant to be', (input, key, hint) => {
    expect(() => parseTrainSettings(input)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(`there is no setting ${key}`),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  test.each([
    [{ roles: { ordr: { epochs: 3 } } }, ['roles', 'ordr'], 'order'],
    [{ schedule: { roles: ['order', 'chaso'] } }, ['schedule', 'roles', 1], 'chaos'],
    [{ league: { scripts: { chaos: ['monky'] } } }, ['league', 'scripts', 'chaos', 0], 'monkey'],
    [{ evaluation: { scripts: { order: ['runbok'] } } }, ['evaluation', 'scripts', 'order', 0], 'runbook'],
  ])('of a contest name roles and policies that exist, unlike %j', (input, path, meant) => {
    const locate = (place: readonly (string | number)[]) => ({ file: place.join('/') });
    expect(() => checkTrainSettings(parseTrainSettings(input), contest, locate)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        hint: `Did you mean ${meant}?`,
        place: { file: path.join('/') },
      }),
    );
  });

  test('let no opponent look at the true state', () => {
    const planner = { league: { scripts: { order: ['planner'] } } };
    expect(() => checkTrainSettings(parseTrainSettings(planner), contest)).toThrow(
      'order has no scripted policy planner',
    );
  });

  test('for more than the memory holds are the mistake of who wrote them', () => {
    const settings = parseTrainSettings({ ...toySettings, environments: 4096, shards: 1, rolloutSteps: 65_536 });
    expect(() => new Trainer({ task: { name: 'identity', options: { states: 80, invalid: 0 } }, settings })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('memory') }),
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
