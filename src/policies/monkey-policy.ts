/** Scripted chaos: breaks something at random, at random times, paced so that its budget lasts for the contest. */

import { assert, RandomStream } from '../base/index.ts';
import type { Observation, Policy, PolicyContext } from '../contract/index.ts';
import { decodeChoice, NO_OP } from '../contract/index.ts';
import { ObservationReader } from './observation-reader.ts';

/** Mean wait before the first fault, as a share of the contest. */
const FIRST_WAIT_MEAN = 0.05;

/** A policy that starts random legal faults; every kind of fault is equally likely, then every target of it. */
export function createMonkeyPolicy(): Policy {
  let monkey: Monkey | undefined;
  return {
    name: 'monkey',
    reset(context: PolicyContext): void {
      monkey = new Monkey(context);
    },
    act(observation: Observation): number {
      assert(monkey !== undefined, 'act before reset');
      return monkey.act(observation);
    },
  };
}

class Monkey {
  readonly #stream: RandomStream;
  readonly #verbCount: number;
  readonly #clock: number;
  readonly #budgetLeft: number;
  #nextClock: number;
  /** Budget left before the fault that has not been paid for by waiting yet. */
  #budgetBefore: number | undefined;

  constructor(context: PolicyContext) {
    const reader = new ObservationReader(context);
    this.#stream = new RandomStream(context.seed, 'monkey-policy');
    this.#verbCount = context.spec.action.verbs.length;
    this.#clock = reader.clusterColumn('clock');
    this.#budgetLeft = reader.clusterColumn('budget.left');
    this.#nextClock = this.#stream.exponential() * FIRST_WAIT_MEAN;
  }

  act({ cluster, mask }: Observation): number {
    const clock = cluster[this.#clock] ?? 0;
    const budget = cluster[this.#budgetLeft] ?? 0;
    if (this.#budgetBefore !== undefined) {
      // A fault that cost a tenth of the budget is followed by a tenth of the contest, on average.
      this.#nextClock = clock + this.#stream.exponential() * (this.#budgetBefore - budget);
      this.#budgetBefore = undefined;
    }
    if (clock < this.#nextClock) return NO_OP;
    const choice = this.#randomFault(mask);
    if (choice !== NO_OP) this.#budgetBefore = budget;
    return choice;
  }

  #randomFault(mask: Uint8Array): number {
    const targets = new Map<number, number[]>();
    for (let choice = NO_OP + 1; choice < mask.length; choice += 1) {
      if (mask[choice] !== 1) continue;
      const verb = decodeChoice(choice, this.#verbCount)?.verb ?? 0;
      const choices = targets.get(verb);
      if (choices) choices.push(choice);
      else targets.set(verb, [choice]);
    }
    if (targets.size === 0) return NO_OP;
    const kinds = [...targets.keys()].sort((a, b) => a - b);
    const choices = targets.get(kinds[this.#stream.integer(kinds.length)] ?? 0) ?? [];
    return choices[this.#stream.integer(choices.length)] ?? NO_OP;
  }
}
