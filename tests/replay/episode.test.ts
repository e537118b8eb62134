import { describe, expect, it } from 'vitest';
import type { Policy, PolicyContext } from '../../src/contract/index.ts';
import { describeChoice, playEpisode } from '../../src/replay/index.ts';
import { policyOf, smallEnvironment } from './small-episode.ts';

/** Does nothing and remembers what it was told before the episode. */
class Listener implements Policy {
  readonly name = 'listener';
  readonly contexts: PolicyContext[] = [];

  reset(context: PolicyContext): void {
    this.contexts.push(context);
  }

  act(): number {
    return 0;
  }
}

describe('an episode', () => {
  it('tells both policies their role, their specs and the seed', () => {
    const environment = smallEnvironment();
    const policies = { chaos: new Listener(), order: new Listener() };
    playEpisode({ environment, policies, seed: 77 }).next();
    expect(policies.chaos.contexts).toMatchObject([{ role: 'chaos', seed: 77, spec: environment.specs.chaos }]);
    expect(policies.order.contexts).toMatchObject([{ role: 'order', seed: 77, spec: environment.specs.order }]);
  });

  it('comes out the same with the same seed, in the same environment or another', () => {
    const hashes = (environment = smallEnvironment()): string[] => {
      const policies = {
        chaos: policyOf('monkey', 'chaos', environment),
        order: policyOf('runbook', 'order', environment),
      };
      return [...playEpisode({ environment, policies, seed: 3 })].map(() => environment.stateHash());
    };
    const environment = smallEnvironment();
    const first = hashes(environment);
    expect(hashes(environment)).toEqual(first);
    expect(hashes()).toEqual(first);
  });

  it('ends with a verdict', () => {
    const environment = smallEnvironment();
    const episode = playEpisode({ environment, policies: { chaos: new Listener(), order: new Listener() }, seed: 1 });
    let next = episode.next();
    while (!next.done) next = episode.next();
    expect(next.value).toMatchObject({ quiet: true, repaired: true, faults: 0, repairs: 0 });
  });
});

describe('a choice in words', () => {
  const { specs, topology } = smallEnvironment();
  const spec = specs.order;

  it('names verb and component', () => {
    const verbs = spec?.action.verbs.length ?? 0;
    expect(spec && describeChoice(1 + verbs, spec, topology)).toBe(
      `${spec?.action.verbs[0]?.name} on ${topology.components[1]?.name}`,
    );
  });

  it('is a dash for the no-op', () => {
    expect(spec && describeChoice(0, spec, topology)).toBe('-');
  });
});
