import { describe, expect, test } from 'vitest';
import { NO_OP } from '../../src/contract/index.ts';
import { checkEnvironment, createEnvironment } from '../../src/environment/index.ts';
import { faultVerbIndex, faultVerbs } from '../../src/faults/index.ts';
import { repairVerbs } from '../../src/repairs/index.ts';
import { smallScenario } from '../support/small-scenario.ts';

const silence = { chaos: NO_OP, order: NO_OP };

function environmentWith(...changes: Parameters<typeof smallScenario>) {
  return createEnvironment(smallScenario(...changes), { engine: 'flow' });
}

/** Steps in silence until the episode is over; the verdict. */
function runOut(environment: ReturnType<typeof environmentWith>) {
  while (environment.running) environment.step(silence);
  return environment.verdict!;
}

function choiceOf(environment: ReturnType<typeof environmentWith>, name: string, verb: number, verbs: number): number {
  const component = environment.topology.components.findIndex((each) => each.name === name);
  return 1 + component * verbs + verb;
}

describe('conformance', () => {
  test('the contest passes the checks that ship with the interface', () => {
    expect(checkEnvironment(() => environmentWith(), { seed: 3, steps: 40 })).toEqual([]);
  });

  test('unequal decision lengths pass them too, and a role that is not due has only the no-op', () => {
    const rules = { decisionSeconds: { chaos: 10, order: 4 } };
    expect(checkEnvironment(() => environmentWith(rules), { seed: 3, steps: 60 })).toEqual([]);
    const environment = environmentWith(rules);
    let { observations } = environment.reset({ seed: 1 });
    const elapsed: number[] = [];
    for (let step = 0; step < 5; step += 1) {
      const result = environment.step(silence);
      elapsed.push(result.elapsedSeconds);
      observations = result.observations;
      const seconds = result.info.timeSeconds;
      if (seconds % 10 !== 0) expect(Array.from(observations.chaos!.mask).lastIndexOf(1)).toBe(0);
      if (seconds % 4 !== 0) expect(Array.from(observations.order!.mask).lastIndexOf(1)).toBe(0);
    }
    expect(elapsed).toEqual([4, 4, 2, 2, 4]);
  });
});

describe('phases', () => {
  test('chaos may act in the contest and not in the recovery; the end is terminated', () => {
    const environment = environmentWith();
    environment.reset({ seed: 1 });
    const legal: number[] = [];
    let last = environment.step(silence);
    for (; !last.terminated; last = environment.step(silence)) {
      legal.push(last.observations.chaos!.mask.reduce((sum, bit) => sum + bit, 0));
    }
    expect(legal.slice(0, 22).every((count) => count > 1)).toBe(true);
    expect(legal.slice(24).every((count) => count === 1)).toBe(true);
    expect(last.truncated).toBe(false);
    expect(last.info).toMatchObject({ step: 36, timeSeconds: 180, phase: 'over' });
    expect(() => environment.step(silence)).toThrowError(/reset/);
  });
});

describe('verdicts', () => {
  test('a quiet episode left alone is repaired, and repairs in it are false', () => {
    const environment = environmentWith();
    environment.reset({ seed: 1 });
    expect(runOut(environment)).toMatchObject({ repaired: true, quiet: true, falseRepairs: 0, stillBroken: [] });
    const { observations } = environment.reset({ seed: 1 });
    const anyRepair = Array.from(observations.order!.mask).lastIndexOf(1);
    environment.step({ chaos: NO_OP, order: anyRepair });
    expect(runOut(environment)).toMatchObject({ quiet: true, repairs: 1, falseRepairs: 1 });
  });

  test('a fault that nobody repairs leaves the system broken, and the verdict says what', () => {
    const script = [
      { fault: 'link.loss', target: 'node-a-uplink', severity: 'severe', startSeconds: 100, durationSeconds: 500 },
    ];
    const environment = createEnvironment(smallScenario({}, script), { engine: 'flow', script: true });
    environment.reset({ seed: 1 });
    const verdict = runOut(environment);
    expect(verdict).toMatchObject({ repaired: false, quiet: false, faults: 1 });
    expect(verdict.stillBroken.join()).toMatch(/objectives held for the last 0 s/);
  });

  test('too low an availability over the whole contest is not made good by a fine end', () => {
    const script = [
      { fault: 'link.loss', target: 'node-a-uplink', severity: 'severe', startSeconds: 5, durationSeconds: 60 },
    ];
    const scenario = smallScenario({ availabilityMin: 0.999 }, script);
    const environment = createEnvironment(scenario, { engine: 'flow', script: true });
    environment.reset({ seed: 1 });
    const verdict = runOut(environment);
    expect(verdict.stillBroken).toHaveLength(1);
    expect(verdict.stillBroken[0]).toMatch(/availability .* is below 99.90 %/);
  });
});

describe('leaks', () => {
  test('what order sees and may do does not depend on the kind of fault before signals tell', () => {
    const seen = ['service.slow', 'service.errors'].map((fault) => {
      const script = [{ fault, target: 'back', severity: 'severe', startSeconds: 5, durationSeconds: 100 }];
      const environment = createEnvironment(smallScenario({}, script), { engine: 'flow', script: true });
      environment.reset({ seed: 1 });
      // The fault starts at the very moment of the decision: nothing has been measured yet.
      const { observations } = environment.step(silence);
      const { components, cluster, mask } = observations.order!;
      return [components, cluster, mask].map((part) => Array.from(part));
    });
    expect(seen[0]).toEqual(seen[1]);
  });

  test('order has no feature that tells the time of the episode', () => {
    const { observation } = environmentWith().specs.order!;
    const names = [...observation.componentFeatures, ...observation.clusterFeatures].map(({ name }) => name);
    expect(
      names.filter((name) => !name.startsWith('repair.recent.') && /clock|time|fault|budget|phase/.test(name)),
    ).toEqual([]);
  });
});

describe('rewards', () => {
  test('order pays for loss and repairs and earns the bonus; chaos earns the loss less its costs', () => {
    const environment = environmentWith();
    environment.reset({ seed: 1 });
    const calm = environment.step(silence);
    expect(calm.rewards).toEqual({ chaos: 0, order: 0 });
    const verb = faultVerbIndex('service.errors', 'severe');
    const fault = choiceOf(environment, 'front', verb, faultVerbs.length);
    const hit = environment.step({ chaos: fault, order: NO_OP });
    expect(hit.info.loss).toBeGreaterThan(0.25);
    expect(hit.rewards.order).toBeCloseTo(-0.02 * 5 * hit.info.loss, 12);
    const cost = faultVerbs[verb]!.severity.cost;
    expect(hit.rewards.chaos).toBeCloseTo(0.02 * 5 * hit.info.loss - 0.01 * cost, 12);
    const restart = repairVerbs.findIndex(({ name }) => name === 'service.restart');
    const repair = environment.step({
      chaos: NO_OP,
      order: choiceOf(environment, 'front', restart, repairVerbs.length),
    });
    const paid = -0.02 * 5 * repair.info.loss - 0.05 * repairVerbs[restart]!.cost;
    expect(repair.rewards.order).toBeCloseTo(paid, 12);
  });

  test('order also pays for required replicas that are missing, though no user notices', () => {
    const rewards = { ...smallScenario().contest.rewards, shortageWeight: 0.01 };
    const environment = environmentWith({ rewards });
    environment.reset({ seed: 1 });
    const lost = faultVerbIndex('disk.lost', 'severe');
    const step = environment.step({
      chaos: choiceOf(environment, 'store-disk-1', lost, faultVerbs.length),
      order: NO_OP,
    });
    // One of the two replicas that the store requires.
    expect(step.rewards.order).toBeCloseTo(-0.02 * 5 * step.info.loss - 0.01 * 5 * 0.5, 12);
    const verdict = runOut(environment);
    expect(verdict.lossSeconds).toBeLessThan(10);
    expect(verdict.orderReturn).toBeLessThan(-0.01 * 0.5 * 170);
  });

  test('with regret, chaos earns nothing for a loss that no repair could lessen any more', () => {
    const environment = createEnvironment(smallScenario(), { engine: 'flow', regret: true });
    environment.reset({ seed: 1 });
    const verb = faultVerbIndex('service.errors', 'severe');
    environment.step({ chaos: choiceOf(environment, 'front', verb, faultVerbs.length), order: NO_OP });
    const before = environment.stateHash();
    expect(before).toBe(environment.stateHash());
    const restart = repairVerbs.findIndex(({ name }) => name === 'service.restart');
    environment.step({ chaos: NO_OP, order: choiceOf(environment, 'front', restart, repairVerbs.length) });
    let chaosReward = 0;
    for (let step = 0; step < 10; step += 1) chaosReward += environment.step(silence).rewards.chaos!;
    expect(chaosReward).toBeLessThan(0.02 * 5 * 10 * 0.1);
  });
});

describe('look-ahead', () => {
  test('leaves no trace, repeats with the same dice, and sees that the right repair beats none', () => {
    const environment = environmentWith();
    environment.reset({ seed: 1 });
    const verb = faultVerbIndex('service.errors', 'severe');
    environment.step({ chaos: choiceOf(environment, 'front', verb, faultVerbs.length), order: NO_OP });
    environment.step(silence);
    const before = environment.stateHash();
    const restart = repairVerbs.findIndex(({ name }) => name === 'service.restart');
    const repair = choiceOf(environment, 'front', restart, repairVerbs.length);
    const look = (choice: number) =>
      environment.lookAhead.rollout({ role: 'order', choices: [choice], steps: 20, seed: 5 });
    const value = look(repair);
    expect(environment.lookAhead.candidates('order')).toContain(repair);
    expect(value).toBeGreaterThan(look(NO_OP));
    expect(look(repair)).toBe(value);
    expect(environment.stateHash()).toBe(before);
  });
});

describe('events', () => {
  test('follow an episode', () => {
    const script = [
      { fault: 'service.errors', target: 'front', severity: 'severe', startSeconds: 12, durationSeconds: 40 },
    ];
    const environment = createEnvironment(smallScenario({}, script), { engine: 'flow', script: true });
    const told: string[] = [];
    environment.events.on('faultStarted', ({ verb, component }) => told.push(`${verb} on ${component}`));
    environment.events.on('faultEnded', ({ timeSeconds }) => told.push(`ended at ${timeSeconds}`));
    environment.events.on('objectiveBroken', ({ timeSeconds }) => told.push(`broken at ${timeSeconds}`));
    environment.events.on('objectiveRestored', ({ timeSeconds }) => told.push(`restored at ${timeSeconds}`));
    environment.events.on('episodeOver', ({ verdict }) => told.push(`repaired ${verdict.repaired}`));
    environment.reset({ seed: 1 });
    runOut(environment);
    expect(told).toEqual([
      'service.errors.severe on front',
      'broken at 15',
      'ended at 52',
      'restored at 60',
      'repaired true',
    ]);
  });
});
