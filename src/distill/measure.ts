/** Measures an order policy by what it repairs, and rules besides by how they differ from their network. */

import { bootstrapInterval, type Estimate, type Interval, mean, wilsonInterval } from '../base/index.ts';
import { decodeChoice, NO_OP, type Observation, type Policy } from '../contract/index.ts';
import type { ContestEnvironment, Verdict } from '../environment/index.ts';
import { bestChoice, type ScoringPolicy } from '../policies/index.ts';
import { type EpisodePlan, playEpisode } from './contest-table.ts';

/** How well a policy did. */
export interface Score {
  readonly episodes: number;
  readonly repaired: number;
  /** 95 %, Wilson. */
  readonly repairedShare: Interval;
  /** Mean return of order, and its 95 % bootstrap interval. */
  readonly meanReturn: Estimate;
  /** Repairs started in an episode, on average. */
  readonly repairsMean: number;
  /** Repairs in episodes without a fault. */
  readonly falseRepairs: number;
  readonly quietEpisodes: number;
}

/** How decisions of rules compare with those the network would have made in the same situations. */
export interface Fidelity {
  readonly decisions: number;
  /** Share of decisions that are the same, doing nothing included. */
  readonly agreement: number;
  /** Decisions in which the network repairs something. */
  readonly networkRepairs: number;
  /** Share of those in which the rules do the same, or something to the same component. */
  readonly sameRepair: number;
  readonly sameComponent: number;
  /** Share of those in which no rule fires, and share of all decisions in which none does. */
  readonly uncoveredRepairs: number;
  readonly uncovered: number;
}

/** Plays the episodes, pausing behind each. */
export function* playAll(policy: Policy, plans: readonly EpisodePlan[]): Generator<void, Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const plan of plans) {
    verdicts.push(playEpisode(plan, { policies: [policy], act: (observation) => policy.act(observation) }));
    yield;
  }
  return verdicts;
}

/** Who plays, whom to ask, and who is told of every decision. */
export interface Besides {
  readonly rules: Policy;
  readonly network: ScoringPolicy;
  onDecision(decision: BesideDecision): void;
}

/** One situation, with what the network would have done. */
export interface BesideDecision {
  readonly environment: ContestEnvironment;
  readonly observation: Observation;
  readonly wanted: number;
}

/** Plays the episodes by the rules and asks the network about every situation on the way. */
export function* playBeside(
  { rules, network, onDecision }: Besides,
  plans: readonly EpisodePlan[],
): Generator<void, { readonly verdicts: Verdict[]; readonly fidelity: Fidelity }> {
  const verdicts: Verdict[] = [];
  const comparison = new Comparison();
  for (const plan of plans) {
    const { environment } = plan.table;
    const verbs = environment.specs.order.action.verbs.length;
    const act = (observation: Observation): number => {
      const chosen = rules.act(observation);
      const wanted = bestOf(network, observation);
      comparison.add({ wanted, chosen }, verbs);
      onDecision({ environment, observation, wanted });
      return chosen;
    };
    verdicts.push(playEpisode(plan, { policies: [network, rules], act }));
    yield;
  }
  return { verdicts, fidelity: comparison.fidelity() };
}

/** The network's best choice, also where it would draw one. */
export function bestOf(network: ScoringPolicy, observation: Observation): number {
  network.act(observation);
  const { mask } = observation;
  return bestChoice(network.logits, mask, { logitsStart: 0, maskStart: 0, count: mask.length });
}

export function scoreOf(verdicts: readonly Verdict[]): Score {
  const contested = verdicts.filter(({ quiet }) => !quiet);
  const repaired = contested.filter((verdict) => verdict.repaired).length;
  const returns = contested.map(({ orderReturn }) => orderReturn);
  return {
    episodes: contested.length,
    repaired,
    repairedShare: wilsonInterval(repaired, contested.length),
    meanReturn: bootstrapInterval(returns, mean),
    repairsMean: mean(contested.map(({ repairs }) => repairs)),
    falseRepairs: verdicts.reduce((sum, verdict) => sum + verdict.falseRepairs, 0),
    quietEpisodes: verdicts.length - contested.length,
  };
}

/** What the first repairs, of what the second repairs in the same episodes, with its 95 % bootstrap interval. */
export function repairedRatio(first: readonly Verdict[], second: readonly Verdict[]): Estimate {
  const repaired = (verdicts: readonly Verdict[], index: number) => (verdicts[index]?.repaired ? 1 : 0);
  const episodes = [...first.keys()].filter((index) => !(first[index]?.quiet ?? true));
  return bootstrapInterval(episodes, (sample) => {
    let [ours, theirs] = [0, 0];
    for (const index of sample) {
      ours += repaired(first, index);
      theirs += repaired(second, index);
    }
    return theirs > 0 ? ours / theirs : 1;
  });
}

/** What the rules gain over doing nothing, of what the network gains, with its 95 % bootstrap interval. */
export function returnShare(verdicts: {
  readonly rules: readonly Verdict[];
  readonly network: readonly Verdict[];
  readonly nobody: readonly Verdict[];
}): Estimate {
  const { rules, network, nobody } = verdicts;
  const episodes = [...network.keys()].filter((index) => !(network[index]?.quiet ?? true));
  return bootstrapInterval(episodes, (sample) => {
    let [ours, theirs] = [0, 0];
    for (const index of sample) {
      const floor = nobody[index]?.orderReturn ?? 0;
      ours += (rules[index]?.orderReturn ?? 0) - floor;
      theirs += (network[index]?.orderReturn ?? 0) - floor;
    }
    return theirs > 0 ? ours / theirs : 1;
  });
}

/** Counts how decisions compare. */
class Comparison {
  #decisions = 0;
  #same = 0;
  #silent = 0;
  #wanted = 0;
  #sameRepair = 0;
  #sameComponent = 0;
  #missed = 0;

  add({ wanted, chosen }: { readonly wanted: number; readonly chosen: number }, verbs: number): void {
    this.#decisions += 1;
    if (chosen === wanted) this.#same += 1;
    if (chosen === NO_OP) this.#silent += 1;
    if (wanted === NO_OP) return;
    this.#wanted += 1;
    if (chosen === wanted) this.#sameRepair += 1;
    if (chosen === NO_OP) this.#missed += 1;
    if (decodeChoice(chosen, verbs)?.component === decodeChoice(wanted, verbs)?.component) this.#sameComponent += 1;
  }

  fidelity(): Fidelity {
    return {
      decisions: this.#decisions,
      agreement: share(this.#same, this.#decisions),
      networkRepairs: this.#wanted,
      sameRepair: share(this.#sameRepair, this.#wanted),
      sameComponent: share(this.#sameComponent, this.#wanted),
      uncoveredRepairs: share(this.#missed, this.#wanted),
      uncovered: share(this.#silent, this.#decisions),
    };
  }
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
