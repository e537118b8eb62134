/** The speed of the parts on this machine: simulator, complete environment, learner update. */

import { RandomStream, StateLayout } from '../base/index.ts';
import { Cluster } from '../cluster/index.ts';
import { NO_OP } from '../contract/index.ts';
import { type ContestEnvironment, createEnvironment } from '../environment/index.ts';
import { secondsToMicros } from '../kernel/index.ts';
import { entitySpeedProbe, plainSpeedProbe, type SpeedProbe } from '../neural/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { createTraffic } from '../traffic/index.ts';
import { type Clock, measure, type Work } from './measure.ts';

/** One line of the speed table. */
export interface SpeedRow {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly median: number;
  /** The figure to reach, where the design states one. */
  readonly target: number | null;
}

export interface SpeedOptions {
  readonly clock: Clock;
  readonly secondsPerRow: number;
}

const MINIBATCH = 512;

/** Measures everything that runs on one core. */
export function measureSpeed(scenario: Scenario, options: SpeedOptions): SpeedRow[] {
  const rows: readonly (readonly [string, string, number | null, () => Work])[] = [
    ['flow engine with control plane, healthy', 'steps/s', 50_000, () => engineWork(scenario)],
    ['complete environment step, both roles, quiet episodes', 'steps/s', 20_000, () => environmentWork(scenario, 0)],
    ['complete environment step, random faults and repairs', 'steps/s', 20_000, () => environmentWork(scenario, 0.1)],
    ['planner look-ahead, simulated steps', 'steps/s', null, () => lookAheadWork(scenario)],
    ['learner update, plain 128-64-64-(32+1), minibatch 512', 'samples/s', 150_000, () => plainWork()],
    ['learner update, entity network of the contest', 'samples/s', null, () => entityWork(scenario)],
  ];
  return rows.map(([name, unit, target, makeWork]) => {
    const timing = measure(makeWork(), { clock: options.clock, seconds: options.secondsPerRow });
    return { name, unit, value: timing.unitsPerSecond, median: timing.unitsPerSecondMedian, target };
  });
}

/** Traffic and control plane alone, run in decision-long strides. */
function engineWork(scenario: Scenario): Work {
  const layout = new StateLayout();
  const cluster = new Cluster(layout, scenario.cluster, createTraffic('flow'));
  layout.build();
  cluster.bind();
  cluster.reset(1);
  const stride = secondsToMicros(scenario.contest.decisionSeconds.order);
  const unitsPerRun = 200;
  return {
    unitsPerRun,
    run: () => {
      if (cluster.nowMicros > secondsToMicros(3600)) cluster.reset(1);
      for (let step = 0; step < unitsPerRun; step += 1) cluster.runUntil(cluster.nowMicros + stride);
    },
  };
}

/**
 * The whole environment: observations, masks and rewards of both roles, resets included. Both roles choose at random
 * among their legal actions in this share of the steps, and do nothing in the others.
 */
function environmentWork(scenario: Scenario, actingRatio: number): Work {
  const environment = createEnvironment(scenario, { engine: 'flow' });
  const stream = new RandomStream(1, 'speed/agents');
  environment.reset({ seed: 1 });
  const { observations } = environment;
  let episode = 1;
  const unitsPerRun = 100;
  return {
    unitsPerRun,
    run: () => {
      for (let step = 0; step < unitsPerRun; step += 1) {
        if (!environment.running) environment.reset({ seed: ++episode });
        const chaos = stream.uniform() < actingRatio ? randomLegal(observations.chaos.mask, stream) : NO_OP;
        const order = stream.uniform() < actingRatio ? randomLegal(observations.order.mask, stream) : NO_OP;
        environment.advance(chaos, order);
      }
    },
  };
}

function lookAheadWork(scenario: Scenario): Work {
  const environment: ContestEnvironment = createEnvironment(scenario, { engine: 'flow' });
  environment.reset({ seed: 1 });
  let seed = 0;
  const steps = 24;
  return {
    unitsPerRun: steps,
    run: () => {
      environment.lookAhead.rollout({ role: 'order', choices: [NO_OP], steps, seed: ++seed });
    },
  };
}

/** The network whose speed the design states. */
function plainWork(): Work {
  return updates(plainSpeedProbe({ inputs: 128, hiddenUnits: 64, choices: 32 }, MINIBATCH));
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
  return updates(entitySpeedProbe(shape, { samples: MINIBATCH, components: environment.topology.components.length }));
}

function updates(probe: SpeedProbe): Work {
  return {
    unitsPerRun: probe.samples,
    run: () => {
      probe.update();
    },
  };
}

function randomLegal(mask: Uint8Array, stream: RandomStream): number {
  let legal = 0;
  for (let choice = 0; choice < mask.length; choice += 1) legal += mask[choice] ?? 0;
  let wanted = stream.integer(legal);
  for (let choice = 0; choice < mask.length; choice += 1) {
    if (mask[choice] === 0) continue;
    if (wanted === 0) return choice;
    wanted -= 1;
  }
  return NO_OP;
}
