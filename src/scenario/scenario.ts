/** A scenario, compiled: cluster, objectives, rules of the contest and fault script, in SI units; plain JSON. */
import type { ClusterSpec } from '../cluster/index.ts';

/** What users of a workload must get. */
export interface Objective {
  /** Index into `ClusterSpec.workloads`. */
  readonly workload: number;
  readonly successRatioMin: number;
  readonly latencyP99SecondsMax: number;
}

/** Weights of the two rewards. */
export interface RewardWeights {
  /** Reward lost per second of full objective loss. */
  readonly lossWeight: number;
  /** Reward lost per second in which all required replicas of a service are missing; in proportion for a part. */
  readonly shortageWeight: number;
  readonly repairCostWeight: number;
  readonly repairedBonus: number;
  readonly faultCostWeight: number;
  readonly regretWeight: number;
}

/** Rules of the contest between chaos and order. */
export interface ContestRules {
  readonly decisionSeconds: { readonly chaos: number; readonly order: number };
  readonly warmUpSeconds: number;
  readonly contestSeconds: number;
  readonly recoverySeconds: number;
  /** How long the objectives must hold at the end for an episode to count as repaired. */
  readonly holdSeconds: number;
  readonly availabilityMin: number;
  readonly lostWritesMax: number;
  readonly shedRatioMax: number;
  readonly chaosBudget: number;
  readonly faultsConcurrentMax: number;
  /** Share of a service's replicas that faults may touch; never less than one replica. */
  readonly replicaShareMax: number;
  readonly cooldownSeconds: number;
  /** Ids of components that chaos must leave alone, ascending. */
  readonly protected: readonly number[];
  /** Names of faults; null = all. */
  readonly faultsAllowed: readonly string[] | null;
  /** Share of training and benchmark episodes without any fault. */
  readonly quietRatio: number;
  readonly repairBudget: number;
  readonly rewards: RewardWeights;
}

/** A fault that starts by itself when a scenario's script is run. */
export interface ScriptedFault {
  readonly fault: string;
  /** Name of a component. */
  readonly target: string;
  readonly severity: string;
  /** Counted from the end of the warm-up. */
  readonly startSeconds: number;
  /** Null = as long as the fault lasts by itself. */
  readonly durationSeconds: number | null;
  /** Name of a service; null = whatever the target talks to. */
  readonly peer: string | null;
  readonly direction: 'to' | 'from' | 'both';
  /** Null = as many replicas as the severity says. */
  readonly mode: 'one' | 'all' | 'fixed' | 'fixed-percent' | 'random-max-percent' | null;
  /** Replicas or percent, with a mode that needs one. */
  readonly value: number | null;
  /** Instead of those of the severity, by name. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** A scenario. JSON-safe: no Infinity, no undefined; `JSON.parse(JSON.stringify(scenario))` equals it. */
export interface Scenario {
  readonly formatVersion: 1;
  readonly name: string;
  readonly description: string;
  readonly cluster: ClusterSpec;
  readonly objectives: readonly Objective[];
  readonly contest: ContestRules;
  /** In order of start. */
  readonly script: readonly ScriptedFault[];
}
