/** The reference environments keep the environment interface's promises, and are the tasks they are named after. */
import { describe, expect, test } from 'vitest';
import { checkEnvironment } from '../../src/environment/index.ts';
import { createReferenceEnvironment, createTask, referenceNames } from '../../src/learn/index.ts';

const options: Readonly<Record<string, object>> = {
  bandit: { arms: 4 },
  identity: { states: 6, invalid: 3 },
  neighbours: { components: 4, symbols: 3 },
  entities: { components: 4, features: 5, verbs: 3, legalVerbs: 2, episodeSteps: 9 },
};

/** Plays choices one after the other, all of one episode; returns rewards, seconds and how it ended. */
function play(name: string, choices: readonly number[], seed = 1) {
  const environment = createReferenceEnvironment({ name, options: options[name] ?? {} });
  environment.reset({ seed });
  const steps = choices.map((choice) => environment.step({ agent: choice }));
  return {
    rewards: steps.map(({ rewards }) => rewards.agent!),
    seconds: steps.map(({ elapsedSeconds }) => elapsedSeconds),
    terminated: steps.at(-1)!.terminated,
    truncated: steps.at(-1)!.truncated,
  };
}

describe.each([...referenceNames, 'entities'])('the reference environment %s', (name) => {
  const description = { name, options: options[name] ?? {} };

  test('conforms to the environment interface', () => {
    expect(checkEnvironment(() => createReferenceEnvironment(description))).toEqual([]);
  });

  test('ends its episodes within the steps its task says', () => {
    const task = createTask(description);
    const environment = task.createEnvironment({ first: 0, size: 1 });
    environment.resetOne(0, 3);
    let steps = 0;
    for (; environment.terminated[0] === 0 && environment.truncated[0] === 0; steps++) {
      const choices = task.roles.map((role) => [role, Int32Array.of(environment.buffers[role]!.mask.lastIndexOf(1))]);
      environment.step(Object.fromEntries(choices));
    }
    expect(steps).toBeLessThanOrEqual(task.episodeStepsMax);
    const success = task.success(task.roles[0]!, environment.episodeSummary(0));
    expect(success).toBeGreaterThanOrEqual(0);
    expect(success).toBeLessThanOrEqual(1);
  });
});

describe('the tasks', () => {
  test('a pole that is pushed one way falls after some ten steps', () => {
    const environment = createTask({ name: 'cart-pole', options: {} }).createEnvironment({ first: 0, size: 1 });
    environment.resetOne(0, 1);
    let steps = 0;
    for (; environment.terminated[0] === 0; steps++) environment.step({ agent: Int32Array.of(2) });
    expect(steps).toBeGreaterThanOrEqual(8);
    expect(steps).toBeLessThanOrEqual(11);
  });

  test('identity pays for the name of the state shown, never masks it, and is cut after 100 steps', () => {
    const environment = createReferenceEnvironment({ name: 'identity', options: { states: 80, invalid: 60 } });
    let { observations } = environment.reset({ seed: 4 });
    for (let step = 1; step <= 100; step++) {
      const { components, mask } = observations.agent!;
      expect(mask.reduce((sum, legal) => sum + legal, 0)).toBe(20);
      const result = environment.step({ agent: 1 + components.indexOf(1) });
      expect(result).toMatchObject({ rewards: { agent: 1 }, terminated: false, truncated: step === 100 });
      observations = result.observations;
    }
  });

  test('the arms of a bandit pay as often as their number says', () => {
    const pulls = 600;
    for (const arm of [0, 3]) {
      let paid = 0;
      for (let seed = 0; seed < pulls; seed++) paid += play('bandit', [1 + arm], seed).rewards[0]!;
      expect(paid / pulls).toBeCloseTo((arm + 1) / 5, 1);
    }
  });

  test('a climb pays from its top on and is cut after eight steps, showing the top', () => {
    const { rewards, terminated, truncated } = play('climb', [1, 2, 1, 2, 1, 2, 1, 2]);
    expect(rewards).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect({ terminated, truncated }).toEqual({ terminated: false, truncated: true });
  });

  test('uneven steps take the time that they say', () => {
    expect(play('uneven-steps', [1, 2, 1])).toMatchObject({ rewards: [0.6, 1, 0.6], seconds: [1, 3, 1] });
  });

  test('mixed actions pay all that there is only when drawn by their shares', () => {
    const pays = (choices: number[]) => play('mixed-actions', choices).rewards.reduce((sum, reward) => sum + reward, 0);
    const rounds = Array.from({ length: 16 }, () => [2, 1, 2, 2]).flat();
    expect(pays(rounds)).toBe(64);
    expect(pays(rounds.map(() => 1))).toBe(0);
    expect(pays(rounds.map(() => 2))).toBe(1);
  });

  test('a password pays once, after the last digit, if all were right', () => {
    expect(play('password', [2, 1, 1, 2, 1]).rewards).toEqual([0, 0, 0, 0, 1]);
    expect(play('password', [2, 1, 2, 2, 1]).rewards).toEqual([0, 0, 0, 0, 0]);
  });
});
