/** Pieces of simulator work whose speed is measured: engines alone, and complete environment steps. */

import { RandomStream, StateLayout } from '../base/index.ts';
import { Cluster, type TrafficFactory } from '../cluster/index.ts';
import { NO_OP } from '../contract/index.ts';
import { type ContestEnvironment, createEnvironment } from '../environment/index.ts';
import { secondsToMicros } from '../kernel/index.ts';
import { estimateLoad, type Scenario } from '../scenario/index.ts';
import { createRequestTraffic, createTraffic, type RequestTraffic } from '../traffic/index.ts';
import type { Work } from './measure.ts';

/** An episode of the engines alone begins anew after this long. */
const EPISODE_SECONDS = 3600;
/** Where measurements of the flow engine alone begin. */
const SETTLED_SECONDS = 10;
/** One run of the request engine is about so many requests of services, and queues have filled after so many runs. */
const REQUESTS_PER_RUN = 10_000;
const SETTLED_RUNS = 20;

/** Traffic of the flow engine and the control plane, a decision's length a unit. */
export function flowWork(scenario: Scenario, unitsPerRun: number): Work {
  const cluster = healthyCluster(scenario, createTraffic('flow'), SETTLED_SECONDS);
  const stride = secondsToMicros(scenario.contest.decisionSeconds.order);
  return {
    run: () => {
      beginAnew(cluster, SETTLED_SECONDS);
      for (let unit = 0; unit < unitsPerRun; unit += 1) cluster.runUntil(cluster.nowMicros + stride);
      return unitsPerRun;
    },
  };
}

/** Traffic of the request engine and the control plane, an event of the engine a unit. */
export function requestWork(scenario: Scenario): Work {
  let traffic: RequestTraffic | undefined;
  const createEngine: TrafficFactory = (layout, context) => {
    traffic = createRequestTraffic(layout, context);
    return traffic;
  };
  const requests = estimateLoad(scenario.cluster).reduce((sum, load) => sum + load.requestsPerSecond, 0);
  const strideSeconds = REQUESTS_PER_RUN / requests;
  const settledSeconds = SETTLED_RUNS * strideSeconds;
  const cluster = healthyCluster(scenario, createEngine, settledSeconds);
  const stride = secondsToMicros(strideSeconds);
  const eventsSoFar = (): number => traffic?.counts.events ?? 0;
  return {
    run: () => {
      beginAnew(cluster, settledSeconds);
      const before = eventsSoFar();
      cluster.runUntil(cluster.nowMicros + stride);
      return eventsSoFar() - before;
    },
  };
}

/**
 * Steps of the whole environment: observations, masks and rewards of both roles, resets included. Both roles choose at
 * random among their legal actions in a share of the steps, and do nothing in the others.
 */
export function environmentWork(
  scenario: Scenario,
  { actingRatio, unitsPerRun }: { readonly actingRatio: number; readonly unitsPerRun: number },
): Work {
  const environment = createEnvironment(scenario, { engine: 'flow' });
  const stream = new RandomStream(1, 'speed/agents');
  environment.reset({ seed: 1 });
  const { observations } = environment;
  let episode = 1;
  return {
    run: () => {
      for (let unit = 0; unit < unitsPerRun; unit += 1) {
        if (!environment.running) environment.reset({ seed: ++episode });
        const chaos = stream.uniform() < actingRatio ? randomLegal(observations.chaos.mask, stream) : NO_OP;
        const order = stream.uniform() < actingRatio ? randomLegal(observations.order.mask, stream) : NO_OP;
        environment.advance(chaos, order);
      }
      return unitsPerRun;
    },
  };
}

/** The planner's rollouts, a simulated step a unit. */
export function lookAheadWork(scenario: Scenario): Work {
  const environment: ContestEnvironment = createEnvironment(scenario, { engine: 'flow' });
  environment.reset({ seed: 1 });
  let seed = 0;
  const steps = 24;
  return {
    run: () => {
      environment.lookAhead.rollout({ role: 'order', choices: [NO_OP], steps, seed: ++seed });
      return steps;
    },
  };
}

function healthyCluster(scenario: Scenario, createEngine: TrafficFactory, settledSeconds: number): Cluster {
  const layout = new StateLayout();
  const cluster = new Cluster(layout, scenario.cluster, createEngine);
  layout.build();
  cluster.bind();
  settle(cluster, settledSeconds);
  return cluster;
}

function beginAnew(cluster: Cluster, settledSeconds: number): void {
  if (cluster.nowSeconds > EPISODE_SECONDS) settle(cluster, settledSeconds);
}

function settle(cluster: Cluster, seconds: number): void {
  cluster.reset(1);
  cluster.runUntil(secondsToMicros(seconds));
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
