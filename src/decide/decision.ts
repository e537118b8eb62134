/** What an order model answers: ranked repairs with their reasons, or why it abstains. */

/** A repair the model could do. */
export interface RankedRepair {
  readonly verb: string;
  readonly component: string;
  /** What the verb does. */
  readonly meaning: string;
  /** By the network, over all ways to fill what is not known. */
  readonly probability: number;
  /** Share of those ways in which it is on offer: 1 where all that this hangs on is known. */
  readonly offered: number;
  /** The rule that asks for just this repair, if one does. */
  readonly rule: FiredRule | null;
  /** The component's signals that speak most for this repair, or against it. */
  readonly signals: readonly TellingSignal[];
}

/** A rule that fires. */
export interface FiredRule {
  readonly id: string;
  readonly component: string;
  readonly does: string;
  /** Its conditions in words. */
  readonly because: readonly string[];
  /** Share of the situations in which it fires where the network wanted the same. */
  readonly precision: number;
  /** Share of the ways to fill what is not known in which it fires: 1 where all is known. */
  readonly share: number;
}

/** A signal and how much it matters. */
export interface TellingSignal {
  readonly signal: string;
  /** In words with its value: `p99 latency 3.2 times its healthy value`. */
  readonly words: string;
  /** By how much the log odds of the repair would fall were the signal as usual. */
  readonly effect: number;
}

/** Why a model says nothing. */
export interface AbstentionReason {
  readonly code: 'stale' | 'incomplete' | 'unfamiliar';
  readonly words: string;
}

/** How much the answer rests on. */
export interface Knowledge {
  readonly components: number;
  readonly componentsSeen: number;
  readonly signalsExpected: number;
  readonly signalsKnown: number;
  /** Alerts that fire and are bound to a component. */
  readonly alerts: number;
  /** Names of firing alerts that the topology map binds to nothing. */
  readonly unboundAlerts: readonly string[];
  /** Age of the freshest sample, or of the newest alert where there is no sample. */
  readonly ageSeconds: number | null;
  /** Ways in which the gaps were filled, and share of them that lead to the answer. */
  readonly fillings: number;
  readonly agreement: number;
}

/** How far the situation is from all that training saw: 1 is the limit of the model's card. */
export interface Familiarity {
  readonly strangeness: number;
  /** Where it is strangest, in words; empty while nothing is. */
  readonly unusual: readonly string[];
}

export interface Decision {
  readonly model: string;
  readonly at: string;
  readonly abstains: boolean;
  readonly reasons: readonly AbstentionReason[];
  /** The answer rests on alerts and on little else. */
  readonly tentative: boolean;
  /** `repair` = do the first of `repairs`; `wait` = do nothing; null = it abstains. */
  readonly advice: 'repair' | 'wait' | null;
  /** Probability of doing nothing. */
  readonly waitProbability: number;
  /** Most probable first; empty where the model abstains. */
  readonly repairs: readonly RankedRepair[];
  /** All rules that fire, in the order in which they would be carried out. */
  readonly rules: readonly FiredRule[];
  readonly knowledge: Knowledge;
  readonly familiarity: Familiarity | null;
  /** What else to know about the answer, in words. */
  readonly notes: readonly string[];
}
