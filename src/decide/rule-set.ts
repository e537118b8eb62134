/** Rules that decide repairs, as data: what stands in `rules.json`. */

/** The features a rule may ask for: those of its component by name, those of the cluster with this in front. */
export const CLUSTER_PREFIX = 'cluster.';

/** One condition on one feature, in the units of the observation. */
export interface RuleCondition {
  readonly feature: string;
  readonly op: '>' | '<=';
  readonly value: number;
}

/** One rule for one kind of component. */
export interface Rule {
  /** Kind and number, for instance `service-3`. */
  readonly id: string;
  readonly kind: string;
  /** All must hold. */
  readonly when: readonly RuleCondition[];
  /** Name of a verb. */
  readonly do: string;
  /** Of rules that fire on several components, the highest goes first. */
  readonly priority: number;
  /** Share of the network's repairs, over the situations of training, that this rule stands for. */
  readonly support: number;
  /** Share of the situations in which it fires where the network prefers the same repair to doing nothing there. */
  readonly precision: number;
  /** Mean reward that is lost if nothing is done where it fires. */
  readonly regret: number;
}

/** Rules in the order in which they are tried: the first that matches a component decides what it asks for. */
export interface RuleSet {
  readonly observationHash: string;
  readonly actionHash: string;
  readonly rules: readonly Rule[];
}
