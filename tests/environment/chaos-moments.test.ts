/** The moments at which chaos may act, told beforehand. */
import { expect, test } from 'vitest';
import { chaosMoments, createEnvironment } from '../../src/environment/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

test.each([
  ['both decide together', 5, 5],
  ['chaos decides less often', 15, 5],
  ['order decides less often', 5, 20],
  ['they drift apart', 7, 5],
])('chaos can act at these moments and no others when %s', (_, chaos, order) => {
  const scenario = smallScenario({ decisionSeconds: { chaos, order } });
  const environment = createEnvironment(scenario, { engine: 'flow' });
  let { observations, info } = environment.reset({ seed: 1 });
  const seen: { step: number; seconds: number }[] = [];
  for (;;) {
    if (observations.chaos!.mask.includes(1, 1)) seen.push({ step: info.step, seconds: info.timeSeconds });
    if (info.phase === 'over') break;
    ({ observations, info } = environment.step({ chaos: 0, order: 0 }));
  }
  expect(chaosMoments(scenario.contest)).toEqual(seen);
});
