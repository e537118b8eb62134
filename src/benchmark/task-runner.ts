/** Plays the episodes of a suite, keeping environments and agents from one to the next. */

import { assert } from '../base/index.ts';
import type { Policy } from '../contract/index.ts';
import { type ContestEnvironment, createEnvironment, type Verdict } from '../environment/index.ts';
import { type AgentLibrary, type BothRoles, playEpisode, type Role, seatPolicies } from '../replay/index.ts';
import { episodeSeed, type Suite } from './suite.ts';
import { type Cell, cellsOf, type EpisodeTask } from './workload.ts';

/** How one episode went. */
export interface EpisodeOutcome {
  readonly seed: number;
  readonly steps: number;
  readonly verdict: Verdict;
}

/** Plays any episode of a suite. Its outcome depends on the suite alone, not on what was played before. */
export class TaskRunner {
  readonly #suite: Suite;
  readonly #library: AgentLibrary;
  readonly #cells: readonly Cell[];
  readonly #environments: Map<number, ContestEnvironment> = new Map();
  readonly #policies: Map<string, Policy> = new Map();

  constructor(suite: Suite, library: AgentLibrary) {
    this.#suite = suite;
    this.#library = library;
    this.#cells = cellsOf(suite);
  }

  /** Seats every agent once, so that one that does not fit (SPEC_MISMATCH) is found before hours of play. */
  rehearse(): void {
    for (const cell of this.#cells) seatPolicies(this.#environment(cell.scenario), this.#seats(cell), 0);
  }

  play({ cell: index, episode: number }: EpisodeTask): EpisodeOutcome {
    const cell = this.#cells[index];
    assert(cell !== undefined, `there is no cell ${index}`);
    const environment = this.#environment(cell.scenario);
    const policies = this.#seats(cell);
    const seed = episodeSeed(this.#suite.seed, cell.chaos === null ? 'quiet' : 'contested', number);
    const episode = playEpisode({ environment, policies, seed });
    for (let steps = 0; ; steps += 1) {
      const next = episode.next();
      if (next.done) return { seed, steps, verdict: next.value };
    }
  }

  #seats({ scenario, order, chaos }: Cell): BothRoles<Policy> {
    return {
      chaos: this.#policy(scenario, 'chaos', chaos === null ? 'none' : (this.#suite.chaos[chaos] ?? '')),
      order: this.#policy(scenario, 'order', this.#suite.order[order] ?? ''),
    };
  }

  #environment(scenario: number): ContestEnvironment {
    return remembered(this.#environments, scenario, () => {
      const compiled = this.#suite.scenarios[scenario];
      assert(compiled !== undefined, `there is no scenario ${scenario}`);
      return createEnvironment(compiled, { engine: this.#suite.engine });
    });
  }

  /** Privileged agents look ahead in one environment, so each scenario has its own set of agents. */
  #policy(scenario: number, role: Role, reference: string): Policy {
    return remembered(this.#policies, `${scenario} ${role} ${reference}`, () =>
      this.#library.find(reference, role).make({ lookAhead: this.#environment(scenario).lookAhead }),
    );
  }
}

function remembered<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
