/** An order agent that does stated repairs at stated times. */
import { describe, expect, test } from 'vitest';
import { createEnvironment } from '../../src/environment/index.ts';
import { findPolicy } from '../../src/policies/index.ts';
import { createPlannedRepairs, parsePlannedRepair, playEpisode } from '../../src/replay/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

/** When repairs started and whether they succeeded, over an episode. */
function repairsOf(texts: readonly string[], seed: number): string[] {
  const environment = createEnvironment(smallScenario(), { engine: 'flow' });
  const told: string[] = [];
  environment.events.on('repairStarted', ({ timeSeconds, verb, component }) =>
    told.push(`${timeSeconds} ${verb} on ${component}`),
  );
  environment.events.on('repairFinished', ({ succeeded }) => told.push(succeeded ? 'done' : 'failed'));
  const order = createPlannedRepairs(environment, texts.map(parsePlannedRepair));
  const chaos = findPolicy('none')!.make({});
  for (const _ of playEpisode({ environment, policies: { chaos, order }, seed }));
  return told;
}

describe('planned repairs', () => {
  test('are done at the first decision from their time on, in their order', () => {
    expect(repairsOf(['link.reroute on node-a-uplink at 1m', 'service.restart on back at 12s'], 1)).toEqual([
      '15 service.restart on back',
      'done',
      '60 link.reroute on node-a-uplink',
      'done',
    ]);
  });

  test('wait until they are on offer', () => {
    expect(repairsOf(['node.reboot on node-a at 10s'], 1)).toEqual([]);
  });

  test('are done again when they fail', () => {
    const runs = Array.from({ length: 60 }, (_, seed) => repairsOf(['service.restart on back at 10s'], seed));
    const failed = runs.filter((run) => run[1] === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const run of failed) expect(run.slice(2).at(-1)).toBe('done');
  });

  test('are read as people write them', () => {
    expect(parsePlannedRepair(' service.restart on cart at 2m30s ')).toEqual({
      verb: 'service.restart',
      component: 'cart',
      atSeconds: 150,
    });
    expect(parsePlannedRepair('node.reboot on node-1 at 90').atSeconds).toBe(90);
  });
});
