import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LookAhead, Policy } from '../../src/contract/index.ts';
import { createPlannerPolicy, findPolicy, type PlannerOptions, policyCatalogue } from '../../src/policies/index.ts';
import { HandMadeWorld } from './hand-made-world.ts';

const pair = new HandMadeWorld({ web: 'service', cart: 'service', 'node-1': 'node' });

function policy(name: string, world: HandMadeWorld): Policy {
  const made = findPolicy(name)?.make({ lookAhead: blindLookAhead });
  if (!made) throw new Error(`no policy ${name}`);
  made.reset(world.context);
  return made;
}

const blindLookAhead: LookAhead = { stepsLeft: 1, candidates: () => [0], rollout: () => 0 };

describe('every policy in the catalogue', () => {
  const seats = policyCatalogue.flatMap(({ name, roles }) => roles.map((role) => ({ name, role })));

  it.each(seats)('$name chooses legally as $role, whatever the mask', ({ name, role }) => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), fc.integer({ min: 0 }), (flags, seed) => {
        const world = new HandMadeWorld(
          { web: 'service', cart: 'service', 'node-1': 'node' },
          { role: role === 'chaos' ? 'chaos' : 'order', seed },
        );
        const failing = { 'signal.errorRatio': 0.5, 'signal.readyRatio': 0.5 };
        const observation = world.observe({ of: { cart: failing }, cluster: { 'budget.left': 1, clock: 0.9 } });
        for (let choice = 1; choice < observation.mask.length; choice += 1) {
          if (!flags[choice % flags.length]) observation.mask[choice] = 0;
        }
        const player = policy(name, world);
        for (let decision = 0; decision < 5; decision += 1) expect(observation.mask[player.act(observation)]).toBe(1);
      }),
      { numRuns: 30 },
    );
  });

  it.each(seats)('$name as $role plays the same again after a reset with the same seed', ({ name, role }) => {
    const world = new HandMadeWorld(
      { web: 'service', cart: 'service' },
      { role: role === 'chaos' ? 'chaos' : 'order' },
    );
    const play = (player: Policy): number[] =>
      Array.from({ length: 40 }, (_, index) =>
        player.act(world.observe({ cluster: { clock: index / 40, 'budget.left': 1 - index / 80 } })),
      );
    const player = policy(name, world);
    const first = play(player);
    player.reset(world.context);
    expect(play(player)).toEqual(first);
  });
});

describe('restart-everything', () => {
  it('restarts one service after the other and begins again', () => {
    const player = policy('restart-everything', pair);
    const words = [1, 2, 3].map(() => pair.words(player.act(pair.observe())));
    expect(words).toEqual(['service.restart on web', 'service.restart on cart', 'service.restart on web']);
  });
});

describe('restart-failed', () => {
  it('leaves healthy services alone', () => {
    expect(policy('restart-failed', pair).act(pair.observe())).toBe(0);
  });

  it('restarts the service that fails most', () => {
    const observation = pair.observe({ of: { web: { 'signal.errorRatio': 0.2 }, cart: { 'signal.readyRatio': 0.5 } } });
    expect(pair.words(policy('restart-failed', pair).act(observation))).toBe('service.restart on cart');
  });

  it('does not restart again what it has only just restarted', () => {
    const observation = pair.observe({ of: { cart: { 'signal.errorRatio': 0.9, 'repair.recency': 0.95 } } });
    expect(policy('restart-failed', pair).act(observation)).toBe(0);
  });
});

describe('the monkey', () => {
  const world = new HandMadeWorld({ web: 'service', 'node-1': 'node' }, { role: 'chaos', seed: 3 });

  /** Plays 1000 decisions, each fault costing `cost` of the budget; the clocks at which faults start. */
  function faultTimes(cost: number): number[] {
    const player = policy('monkey', world);
    let budget = 1;
    const times: number[] = [];
    for (let decision = 0; decision < 1000; decision += 1) {
      const clock = decision / 1000;
      const choice = player.act(world.observe({ cluster: { clock, 'budget.left': budget } }));
      if (choice === 0) continue;
      budget = Math.max(0, budget - cost);
      times.push(clock);
    }
    return times;
  }

  it('spreads its budget over the contest', () => {
    const times = faultTimes(0.02);
    expect(times.length).toBeGreaterThan(30);
    expect(times.length).toBeLessThan(75);
    expect(times.at(-1)).toBeGreaterThan(0.8);
  });

  it('waits longer after a costly fault', () => {
    expect(faultTimes(0.2).length).toBeLessThan(15);
  });

  it('does nothing when no fault is legal', () => {
    const observation = world.observe({ cluster: { clock: 0.9, 'budget.left': 1 } });
    observation.mask.fill(0, 1);
    expect(policy('monkey', world).act(observation)).toBe(0);
  });
});

describe('the planner', () => {
  const observation = pair.observe();
  const legal = [...observation.mask.keys()].filter((choice) => observation.mask[choice] === 1);
  const [, first = 0, second = 0, third = 0] = legal;

  type Returns = (choices: readonly number[], steps: number, seed: number) => number;

  function planner(returns: Returns, options: Partial<PlannerOptions> & { stepsLeft?: number } = {}) {
    const calls: number[][] = [];
    const simulated = { steps: 0 };
    const lookAhead: LookAhead = {
      stepsLeft: options.stepsLeft ?? 100,
      candidates: () => [0, first, second, third],
      rollout: ({ choices, steps, seed }) => {
        calls.push([...choices]);
        simulated.steps += steps;
        return returns(choices, steps, seed);
      },
    };
    const player = createPlannerPolicy(lookAhead, {
      horizonSteps: 10,
      urgentSteps: 4,
      simulatedStepsMax: 10_000,
      futures: 2,
      finalistsMax: 3,
      refinedMax: 1,
      equalShare: 0.8,
      gainMin: 0.1,
      ...options,
    });
    player.reset(pair.context);
    return { player, calls, simulated };
  }

  it('takes the action of the best simulated return', () => {
    const { player } = planner(([choice]) => (choice === second ? -1 : -5));
    expect(player.act(observation)).toBe(second);
  });

  it('does nothing when acting gains nothing', () => {
    expect(planner(() => -3).player.act(observation)).toBe(0);
  });

  it('takes the one closest to the trouble of those that gain about as much', () => {
    const gaining = (gains: Record<number, number>) =>
      planner(([one, two]) => -5 + (two === undefined ? (gains[one!] ?? 0) : -1)).player.act(observation);
    expect(gaining({ [second]: 3.5, [third]: 4 })).toBe(second);
    expect(gaining({ [second]: 2.5, [third]: 4 })).toBe(third);
    expect(gaining({ [first]: -0.1, [third]: 0.3 })).toBe(third);
  });

  it('takes that one too where several look as good and only some are judged closely', () => {
    const gaining = (gains: Record<number, number>) =>
      planner(([one]) => -5 + (gains[one!] ?? 0), { finalistsMax: 1, refinedMax: 0 }).player.act(observation);
    expect(gaining({ [first]: 3.5, [second]: 3.6, [third]: 4 })).toBe(first);
    expect(gaining({ [first]: 1, [second]: 3.6, [third]: 4 })).toBe(second);
    expect(gaining({ [first]: 1, [second]: 2, [third]: 4 })).toBe(third);
  });

  it('leaves be what hardly gains', () => {
    const gaining = (gain: number) => planner(([one]) => (one === third ? -3 + gain : -3)).player.act(observation);
    expect(gaining(0.09)).toBe(0);
    expect(gaining(0.11)).toBe(third);
  });

  it('is not taken in by an action that was lucky in the first look', () => {
    let luckySeed: number | undefined;
    const { player } = planner(([one], _, seed) => {
      luckySeed ??= seed;
      if (one === second) return -2;
      return one === third && seed === luckySeed ? 0 : -3;
    });
    expect(player.act(observation)).toBe(second);
  });

  it('finds the beginning of a plan whose second action makes the difference', () => {
    const { player } = planner(([one, two]) => {
      if (one === 0) return -5;
      if (one !== second) return -6;
      return two === third ? -1 : -5.5;
    });
    expect(player.act(observation)).toBe(second);
  });

  it('waits when an action does as well one step later', () => {
    const { player } = planner((choices) => (choices.includes(second) ? -1 : -5));
    expect(player.act(observation)).toBe(0);
    const urgent = planner((choices) => (choices.includes(second) ? -1 - choices.indexOf(second) : -5));
    expect(urgent.player.act(observation)).toBe(second);
  });

  it('searches no further when doing nothing loses nothing', () => {
    const { player, calls } = planner(() => 0);
    expect(player.act(observation)).toBe(0);
    expect(calls).toEqual([[0]]);
  });

  it('looks now and then for what only the end of the episode pays, once its futures last so long', () => {
    const lookingFor = (stepsLeft: number): number[] => {
      const { player } = planner(([one]) => (one === second ? 1 : 0), { stepsLeft });
      return Array.from({ length: 12 }, () => player.act(observation)).filter((choice) => choice !== 0);
    };
    expect(lookingFor(11)).toEqual([]);
    expect(lookingFor(10)).toEqual([second, second]);
  });

  it('leaves for later what is not lost before long, though it could be prevented now', () => {
    const later = planner(([choice], steps) => (steps > 4 && choice === 0 ? -5 : 0));
    expect(later.player.act(observation)).toBe(0);
    const soon = planner(([choice], steps) => (steps >= 4 && choice === 0 ? -5 : 0));
    expect(soon.player.act(observation)).not.toBe(0);
  });

  it('never simulates more steps than stated', () => {
    const { player, simulated } = planner(([choice]) => (choice === third ? -1 : -3), { simulatedStepsMax: 50 });
    expect(player.act(observation)).toBe(third);
    expect(simulated.steps).toBe(4 + 4 * 10);
  });
});
