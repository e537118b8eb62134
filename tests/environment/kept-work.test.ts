/** What the environment keeps from step to step is what it would work out anew: observations, masks, look-aheads. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { NO_OP, type Observation } from '../../src/contract/index.ts';
import { type ContestEnvironment, createEnvironment } from '../../src/environment/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

function begin(seed: number): ContestEnvironment {
  const environment = createEnvironment(
    smallScenario({ chaosBudget: 40, faultsConcurrentMax: 4, cooldownSeconds: 10 }),
    {
      engine: 'flow',
    },
  );
  environment.reset({ seed });
  return environment;
}

/** A legal choice of each role: what matters is that much happens. */
function playOn(environment: ContestEnvironment, stream: RandomStream): void {
  const choose = ({ mask }: Observation): number => {
    const legal = [...mask.keys()].filter((choice) => mask[choice] === 1);
    return stream.uniform() < 0.5 ? legal[stream.integer(legal.length)]! : NO_OP;
  };
  environment.advance(choose(environment.observations.chaos), choose(environment.observations.order));
}

function parts({ observations }: ContestEnvironment): number[][] {
  return [observations.chaos, observations.order].flatMap(({ components, cluster, critic, mask }) =>
    [components, cluster, critic, mask].map((part) => Array.from(part)),
  );
}

describe('observations and masks', () => {
  test.each([1, 2, 3])('are those of an environment that starts from the same state (seed %i)', (seed) => {
    const environment = begin(seed);
    const stream = new RandomStream(seed, 'test');
    for (let step = 0; step < 30 && environment.running; step += 1) {
      playOn(environment, stream);
      if (step % 5 !== 4 || !environment.running) continue;
      const fresh = begin(seed + 100);
      fresh.restore(environment.snapshot());
      expect(parts(fresh), `step ${step}`).toEqual(parts(environment));
    }
  });

  test('are the same in arrays that held something else', () => {
    const environment = begin(4);
    const stream = new RandomStream(4, 'test');
    for (let step = 0; step < 12; step += 1) playOn(environment, stream);
    const expected = parts(environment);
    const filled = ({ components, cluster, critic, mask }: Observation): Observation => ({
      components: new Float32Array(components.length).fill(7),
      cluster: new Float32Array(cluster.length).fill(7),
      critic: new Float32Array(critic.length).fill(7),
      mask: new Uint8Array(mask.length).fill(1),
    });
    const { chaos, order } = environment.observations;
    environment.observeInto({ chaos: filled(chaos), order: filled(order) });
    environment.restore(environment.snapshot());
    expect(parts(environment)).toEqual(expected);
  });

  test('are the same after a restore to an earlier moment and after a look-ahead', () => {
    const environment = begin(5);
    const stream = new RandomStream(5, 'test');
    for (let step = 0; step < 8; step += 1) playOn(environment, stream);
    const moment = environment.snapshot();
    const expected = parts(environment);
    for (let step = 0; step < 6; step += 1) playOn(environment, stream);
    environment.restore(moment);
    expect(parts(environment)).toEqual(expected);
    environment.lookAhead.rollout({ role: 'order', choices: [NO_OP], steps: 6, seed: 1 });
    environment.advance(NO_OP, NO_OP);
    const straight = parts(environment);
    environment.restore(moment);
    environment.advance(NO_OP, NO_OP);
    expect(parts(environment)).toEqual(straight);
  });
});
