/** Plays episodes at a table: a scenario with a chaos agent, at which order agents take turns. */

import { assert, hashText } from '../base/index.ts';
import type { Observation, Policy } from '../contract/index.ts';
import type { ContestEnvironment, Verdict } from '../environment/index.ts';

/** A scenario and who breaks it. */
export interface ContestTable {
  readonly environment: ContestEnvironment;
  readonly chaos: Policy;
  /** Stays silent, for quiet episodes. */
  readonly silence: Policy;
}

/** One episode: at which table, with which dice, and whether chaos takes part. */
export interface EpisodePlan {
  readonly table: ContestTable;
  readonly seed: number;
  readonly quiet: boolean;
}

/** Episodes number 0 to `count` of a purpose, tables in turns; the purposes share no seed. */
export function planEpisodes(
  tables: readonly ContestTable[],
  options: {
    readonly purpose: string;
    readonly seed: number;
    readonly from: number;
    readonly count: number;
    readonly quietEvery: number;
  },
): EpisodePlan[] {
  const { purpose, seed, from, count, quietEvery } = options;
  return Array.from({ length: count }, (_, offset) => {
    const index = from + offset;
    const table = tables[index % tables.length];
    assert(table !== undefined, 'episodes are played at a table');
    const episodeSeed = Number.parseInt(hashText(`distill ${seed} ${purpose} ${index}`).slice(0, 8), 16);
    return { table, seed: episodeSeed, quiet: index % quietEvery === quietEvery - 1 };
  });
}

/** Lets `order` play; policies in `watchers` are seated too, but only `order` is asked. */
export function playEpisode(
  { table: { environment, chaos, silence }, seed, quiet }: EpisodePlan,
  order: { readonly policies: readonly Policy[]; act(observation: Observation): number },
): Verdict {
  const breaker = quiet ? silence : chaos;
  const { topology, specs } = environment;
  environment.reset({ seed });
  breaker.reset({ role: 'chaos', topology, spec: specs.chaos, seed });
  for (const policy of order.policies) policy.reset({ role: 'order', topology, spec: specs.order, seed });
  while (environment.running) {
    const { observations } = environment;
    // Both move from the same moment: the choices are made before either is carried out.
    const chaosChoice = breaker.act(observations.chaos);
    environment.advance(chaosChoice, order.act(observations.order));
  }
  const { verdict } = environment;
  assert(verdict !== undefined, 'an episode ends with a verdict');
  return verdict;
}
