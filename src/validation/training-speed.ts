/** The speed of training end to end: a few iterations of the real loop. */

import { parseTrainSettings, Trainer } from '../learn/index.ts';
import type { Scenario } from '../scenario/index.ts';
import type { Clock } from './measure.ts';
import type { SpeedRow } from './speed.ts';

const WARM_UP_ITERATIONS = 3;
const ITERATIONS = 8;
/** The figure to reach is for two cores. */
const TARGET = 3000;

/** Decisions of both roles per second with some worker threads, order learning against scripted and past chaos. */
export async function measureTraining(
  scenario: Scenario,
  options: { readonly clock: Clock; readonly workers: number },
): Promise<SpeedRow> {
  const { clock, workers } = options;
  const task = {
    name: 'contest',
    options: { scenarios: [scenario], engine: 'flow', regret: true },
  };
  const trainer = new Trainer({ task, settings: parseTrainSettings({}), workers });
  const rates: number[] = [];
  try {
    for (let iteration = 0; iteration < WARM_UP_ITERATIONS + ITERATIONS; iteration += 1) {
      const start = clock();
      const { decisions } = await trainer.iterate();
      if (iteration >= WARM_UP_ITERATIONS) rates.push(decisions / (clock() - start));
    }
  } finally {
    await trainer.close();
  }
  rates.sort((a, b) => b - a);
  return {
    name: `training end to end, ${workers} ${workers === 1 ? 'worker' : 'workers'}, both roles counted`,
    unit: 'decisions/s',
    value: rates[0] ?? 0,
    median: rates[Math.floor(rates.length / 2)] ?? 0,
    target: workers === 2 ? TARGET : null,
  };
}
