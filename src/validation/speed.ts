/** The speed of the parts on this machine: simulator, complete environment, update of the contest's network. */

import { createEnvironment } from '../environment/index.ts';
import { entitySpeedProbe } from '../neural/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { updateWork } from './learner-speed.ts';
import { type Clock, measure, type Work } from './measure.ts';
import { environmentWork, flowWork, lookAheadWork, requestWork } from './simulator-work.ts';

/** One line of the speed table. */
export interface SpeedRow {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly median: number;
  /** The figure to reach, where there is one. */
  readonly target: number | null;
}

export interface SpeedOptions {
  readonly clock: Clock;
  readonly secondsPerRow: number;
}

const MINIBATCH = 512;
const STEPS_PER_RUN = 100;

/** Measures simulator and learner on one core. */
export function measureSpeed(scenario: Scenario, options: SpeedOptions): SpeedRow[] {
  const stepsWith = (actingRatio: number) => () =>
    environmentWork(scenario, { actingRatio, unitsPerRun: STEPS_PER_RUN });
  const rows: readonly (readonly [string, string, number | null, () => Work])[] = [
    ['flow engine with control plane, healthy', 'steps/s', 50_000, () => flowWork(scenario, STEPS_PER_RUN)],
    ['complete environment step, both roles, quiet episodes', 'steps/s', 20_000, stepsWith(0)],
    ['complete environment step, random faults and repairs', 'steps/s', 20_000, stepsWith(0.1)],
    ['request engine with control plane, healthy', 'events/s', 3_000_000, () => requestWork(scenario)],
    ['planner look-ahead, simulated steps', 'steps/s', null, () => lookAheadWork(scenario)],
    ['learner update, entity network of the contest', 'samples/s', null, () => entityWork(scenario)],
  ];
  return rows.map(([name, unit, target, makeWork]) => {
    const timing = measure(makeWork(), { clock: options.clock, seconds: options.secondsPerRow });
    return { name, unit, value: timing.unitsPerSecond, median: timing.unitsPerSecondMedian, target };
  });
}

function entityWork(scenario: Scenario): Work {
  const environment = createEnvironment(scenario, { engine: 'flow' });
  const { observation, action } = environment.specs.order;
  const shape = {
    componentFeatures: observation.componentFeatures.length,
    clusterFeatures: observation.clusterFeatures.length,
    criticFeatures: observation.criticFeatures.length,
    verbs: action.verbs.length,
    encoderUnits: 64,
    embeddingUnits: 32,
    headUnits: 64,
    valueUnits: 64,
  };
  return updateWork(
    entitySpeedProbe(shape, { samples: MINIBATCH, components: environment.topology.components.length }),
  );
}
