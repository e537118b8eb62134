/** What a contest tells beside observations: how it goes, how it ended, and events on the way. */

import type { FaultObstacle } from '../faults/index.ts';

export type ContestPhase = 'contest' | 'recovery' | 'over';

/** Facts about the step just taken; never part of an observation. */
export interface ContestInfo {
  readonly step: number;
  /** Since the contest began. */
  readonly timeSeconds: number;
  readonly phase: ContestPhase;
  readonly objectivesHeld: boolean;
  /** Objective loss of the step, 0 to 1. */
  readonly loss: number;
  /** Set when the episode is over. */
  readonly verdict?: Verdict;
}

/** How an episode ended. */
export interface Verdict {
  readonly repaired: boolean;
  /** What is still broken, in words; empty when repaired. */
  readonly stillBroken: readonly string[];
  /** Requests answered rightly and in time, of all that users sent. */
  readonly availability: number;
  /** No fault ever started. */
  readonly quiet: boolean;
  readonly faults: number;
  readonly faultCost: number;
  readonly repairs: number;
  readonly repairsFailed: number;
  readonly repairCost: number;
  /** Repairs done in an episode without any fault. */
  readonly falseRepairs: number;
  /** How long the objectives were broken, each time they were restored. */
  readonly timesToRepairSeconds: readonly number[];
  readonly brokenSeconds: number;
  /** Objective loss (0 to 1) times the time it lasted, added up. */
  readonly lossSeconds: number;
  readonly shedRatio: number;
  readonly lostWrites: number;
  readonly orderReturn: number;
  readonly chaosReturn: number;
}

/** What a control plane does or notices, beside what it was told to. */
export type ControlKind =
  | 'nodeLost'
  | 'nodeBack'
  | 'replicaCrashed'
  | 'replicaRestarted'
  | 'replicaMoved'
  | 'replicaLost'
  | 'replicaPending'
  | 'replicaAdded'
  | 'replicaRemoved'
  | 'replicaReady'
  | 'replicaNotReady'
  | 'leaderLost'
  | 'leaderElected'
  | 'leaderBack'
  | 'breakerOpened'
  | 'breakerTrying'
  | 'breakerClosed'
  | 'diskOverWatermark'
  | 'diskBelowWatermark';

/** Something that happened in the control plane during the step that ends at `timeSeconds`. */
export interface ControlHappening {
  readonly timeSeconds: number;
  readonly kind: ControlKind;
  /** A machine, a service (of a breaker: the caller) or a disk. */
  readonly component: string;
  /** Replicas of the service, counted from 0; of an election, the new leader. */
  readonly replicas?: readonly number[];
  /** Where those replicas are now. */
  readonly nodes?: readonly string[];
  /** Whom a breaker keeps from being called. */
  readonly peer?: string;
  /** Callers' replicas whose breaker is so now. */
  readonly count?: number;
  /** Acknowledged writes that an election lost. */
  readonly writesLost?: number;
}

/** Typed events of an episode; `timeSeconds` counts from the beginning of the contest. */
export interface ContestEvents {
  /** The warm-up is over, and nothing has happened yet. */
  episodeBegan: [event: { seed: number }];
  faultStarted: [event: { timeSeconds: number; verb: string; component: string }];
  /** A fault of a script, or of a recording that is played again, was due, but could not be started. */
  faultSkipped: [event: { timeSeconds: number; verb: string; component: string; why: FaultObstacle }];
  /** Its time is up, or (`cured`) repairs have undone all that it did. */
  faultEnded: [event: { timeSeconds: number; verb: string; component: string; cured: boolean }];
  repairStarted: [event: { timeSeconds: number; verb: string; component: string }];
  repairFinished: [event: { timeSeconds: number; verb: string; component: string; succeeded: boolean }];
  controlPlane: [event: ControlHappening];
  signalCrossed: [event: { timeSeconds: number; component: string; score: number }];
  objectiveBroken: [event: { timeSeconds: number; loss: number }];
  objectiveRestored: [event: { timeSeconds: number; brokenSeconds: number }];
  /** A step has ended, and all that happened in it has been told. */
  stepTaken: [event: { timeSeconds: number }];
  episodeOver: [event: { timeSeconds: number; verdict: Verdict }];
}
