/** Exact counts of a request engine, to check that nothing is lost or invented. */

import { EDGE, EdgeField } from './rows.ts';
import type { RequestState } from './state.ts';

/** What became of the attempts of one edge: they add up. */
export interface AttemptCounts {
  readonly attempts: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Their caller's process died. */
  readonly abandoned: number;
  /** Somebody waits for them, or they wait for a connection. */
  readonly underWay: number;
}

/** What became of the requests that one replica slot took in: they add up. */
export interface ReplicaCounts {
  readonly entered: number;
  readonly finished: number;
  /** Lost with the process. */
  readonly dropped: number;
  readonly inside: number;
}

/** Read-only view of the counts; edges are calls, then workloads. */
export interface RequestCounts {
  /** Events that have happened: arrivals, ends of work, answers, time-outs, ends of pauses. */
  readonly events: number;
  /** Entities in use, and most there may be. */
  readonly entities: number;
  readonly entitiesMax: number;
  /** Users refused and calls failed because entities ran out. */
  readonly usersRefused: number;
  readonly callsRefused: number;
  edge(edge: number): AttemptCounts;
  replica(replica: number): ReplicaCounts;
}

/** Reads counts from the state. */
export class StateCounts implements RequestCounts {
  readonly entitiesMax: number;
  readonly #state: RequestState;
  readonly #inSystem: (replica: number) => number;

  constructor(state: RequestState, entitiesMax: number, inSystem: (replica: number) => number) {
    this.entitiesMax = entitiesMax;
    this.#state = state;
    this.#inSystem = inSystem;
  }

  get events(): number {
    return this.#state.clock.events[0]!;
  }

  get entities(): number {
    return this.#state.clock.used[0]!;
  }

  get usersRefused(): number {
    return this.#state.clock.usersRefused[0]!;
  }

  get callsRefused(): number {
    return this.#state.clock.callsRefused[0]!;
  }

  edge(edge: number): AttemptCounts {
    const { attempts, succeeded, failed, abandoned } = this.#state.counts;
    const edges = this.#state.edges.value;
    return {
      attempts: attempts[edge]!,
      succeeded: succeeded[edge]!,
      failed: failed[edge]!,
      abandoned: abandoned[edge]!,
      underWay: edges[edge * EDGE + EdgeField.underWay]! + edges[edge * EDGE + EdgeField.starving]!,
    };
  }

  replica(replica: number): ReplicaCounts {
    const { entered, finished, dropped } = this.#state.inside;
    return {
      entered: entered[replica]!,
      finished: finished[replica]!,
      dropped: dropped[replica]!,
      inside: this.#inSystem(replica),
    };
  }
}
