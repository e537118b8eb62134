/** Plays the episodes of a suite, keeping environments and agents from one to the next. */

import { assert, DeeplOpsError } from '../base/index.ts';
import type { Policy } from '../contract/index.ts';
import { type ContestEnvironment, createEnvironment, type Verdict } from '../environment/index.ts';
import { type AgentLibrary, type BothRoles, playEpisode, type Role, seatPolicies } from '../replay/index.ts';
import { episodeSeed, SCRIPT, type Suite } from './suite.ts';
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
  readonly #environments: Map<string, ContestEnvironment> = new Map();
  readonly #policies: Map<string, Policy> = new Map();

  constructor(suite: Suite, library: AgentLibrary) {
    this.#suite = suite;
    this.#library = library;
    this.#cells = cellsOf(suite);
  }

  /** Seats every agent once, so that one that does not fit (SPEC_MISMATCH) is found before hours of play. */
  rehearse(): void {
    for (const cell of this.#cells) {
      const environment = this.#environment(cell);
      if (this.#runsScript(cell) && environment.scenario.script.length === 0) throw withoutScript(environment.name);
      seatPolicies(environment, this.#seats(cell), 0);
    }
  }

  play({ cell: index, episode: number }: EpisodeTask): EpisodeOutcome {
    const cell = this.#cells[index];
    assert(cell !== undefined, `there is no cell ${index}`);
    const environment = this.#environment(cell);
    const policies = this.#seats(cell);
    const seed = episodeSeed(this.#suite.seed, cell.chaos === null ? 'quiet' : 'contested', number);
    const episode = playEpisode({ environment, policies, seed });
    for (let steps = 0; ; steps += 1) {
      const next = episode.next();
      if (next.done) return { seed, steps, verdict: next.value };
    }
  }

  #seats(cell: Cell): BothRoles<Policy> {
    return {
      chaos: this.#policy(cell, 'chaos', this.#chaosAgent(cell)),
      order: this.#policy(cell, 'order', this.#suite.order[cell.order] ?? ''),
    };
  }

  #chaosAgent(cell: Cell): string {
    return cell.chaos === null || this.#runsScript(cell) ? 'none' : (this.#suite.chaos[cell.chaos] ?? '');
  }

  #runsScript({ chaos }: Cell): boolean {
    return chaos !== null && this.#suite.chaos[chaos] === SCRIPT;
  }

  #environment(cell: Cell): ContestEnvironment {
    return remembered(this.#environments, this.#world(cell), () => {
      const compiled = this.#suite.scenarios[cell.scenario];
      assert(compiled !== undefined, `there is no scenario ${cell.scenario}`);
      return createEnvironment(compiled, { engine: this.#suite.engine, script: this.#runsScript(cell) });
    });
  }

  /** Privileged agents look ahead in one environment, so each has its own set of agents. */
  #policy(cell: Cell, role: Role, reference: string): Policy {
    return remembered(this.#policies, `${this.#world(cell)} ${role} ${reference}`, () =>
      this.#library.find(reference, role).make({ lookAhead: this.#environment(cell).lookAhead }),
    );
  }

  /** One environment for each scenario, and one more where its script runs. */
  #world(cell: Cell): string {
    return `${cell.scenario} ${this.#runsScript(cell) ? SCRIPT : ''}`;
  }
}

function withoutScript(scenario: string): DeeplOpsError {
  const hint = 'Add a `script:` to the scenario, or play against a chaos agent.';
  return new DeeplOpsError('SUITE_INVALID', `${scenario} has no fault script to play against`, { hint });
}

function remembered<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
