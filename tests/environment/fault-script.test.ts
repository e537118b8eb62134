/** Fault scripts in an episode: what they state beyond fault, target and severity reaches the cluster, and is state. */
import { expect, test } from 'vitest';
import { NO_OP } from '../../src/contract/index.ts';
import { type ContestEnvironment, createEnvironment } from '../../src/environment/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

const BACK = 1;

const scenario = smallScenario({}, [
  {
    fault: 'service.loss',
    target: 'store',
    severity: 'mild',
    startSeconds: 5,
    durationSeconds: 30,
    mode: 'all',
    peer: 'back',
    direction: 'from',
    parameters: { lossRatio: 0.4 },
  },
  {
    fault: 'service.gc-pause',
    target: 'front',
    severity: 'mild',
    startSeconds: 10,
    durationSeconds: 60,
    mode: 'random-max-percent',
    value: 100,
    parameters: { pauseSeconds: 1, runSeconds: 3 },
  },
]);

function begin(): ContestEnvironment {
  const environment = createEnvironment(scenario, { engine: 'flow', script: true });
  environment.reset({ seed: 5 });
  return environment;
}

/** Plays on without a choice of either side up to a time, counted from the end of the warm-up. */
function play(environment: ContestEnvironment, untilSeconds: number): void {
  const until = scenario.contest.warmUpSeconds + untilSeconds;
  while (environment.cluster.nowSeconds < until) environment.step({ chaos: NO_OP, order: NO_OP });
}

test('a scripted fault acts on the replicas, the peer and the way it states, with its parameters, for its time', () => {
  const environment = begin();
  const { cluster } = environment;
  const { portRequestLoss, portResponseLoss } = cluster.effects.values;
  play(environment, 10);
  const first = cluster.topology.calleePortStart[BACK]!;
  const struck = [...portRequestLoss.keys()].filter((port) => portRequestLoss[port] !== 0);
  expect(struck).toEqual([first, first + 1]);
  expect(portRequestLoss[first]).toBeCloseTo(0.4, 12);
  expect(Math.max(...portResponseLoss)).toBe(0);
  play(environment, 40);
  expect(Math.max(...portRequestLoss)).toBe(0);
});

test('an episode restored in the middle of its script goes on as it did', () => {
  const [straight, restored] = [begin(), begin()];
  play(restored, 20);
  const middle = restored.snapshot();
  play(restored, 80);
  restored.restore(middle);
  for (const environment of [straight, restored]) play(environment, 80);
  expect(restored.stateHash()).toBe(straight.stateHash());
});

/** An episode in which the front begins to answer with errors after 10 s. */
function beginOutage(): ContestEnvironment {
  const outage = {
    fault: 'service.errors',
    target: 'front',
    severity: 'severe',
    startSeconds: 10,
    durationSeconds: 90,
  };
  const environment = createEnvironment(smallScenario({}, [outage]), { engine: 'flow', script: true });
  environment.reset({ seed: 5 });
  return environment;
}

test('a look-ahead does not know what the script still holds', () => {
  const environment = beginOutage();
  const lossAhead = () => environment.lookAhead.rollout({ role: 'order', choices: [NO_OP], steps: 6, seed: 1 });
  expect(lossAhead()).toBeCloseTo(0, 12);
  play(environment, 15);
  expect(lossAhead()).toBeLessThan(-0.1);
});

test('a look-ahead supposes that repairs work out', () => {
  const environment = beginOutage();
  play(environment, 15);
  const value = (choice: number, seed: number) =>
    environment.lookAhead.rollout({ role: 'order', choices: [choice], steps: 6, seed });
  const idle = value(NO_OP, 1);
  const helpful = environment.lookAhead.candidates('order').filter((choice) => value(choice, 1) > idle + 0.1);
  expect(helpful.length).toBeGreaterThan(1);
  // One attempt in twenty fails: all of two hundred working out by chance is a matter of 1 to 28,000.
  for (const choice of helpful) {
    const worst = Math.min(...Array.from({ length: 200 }, (_, seed) => value(choice, seed)));
    expect(worst).toBeGreaterThan(idle + 0.1);
  }
});
