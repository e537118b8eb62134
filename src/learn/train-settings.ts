/** What a training run can be told; meanings, limits and defaults stand in the schema. */

import type { BackendName } from '../neural/index.ts';
import type { ColdStartSettings } from './cold-start/cold-start-settings.ts';

/** How one role learns. */
export interface RoleSettings {
  readonly discount: number;
  readonly lambda: number;
  readonly learningRate: number;
  readonly learningRateEnd: number;
  readonly clipRange: number;
  readonly valueClipRange: number | null;
  readonly epochs: number;
  readonly minibatch: number;
  readonly entropyWeight: number;
  readonly entropyWeightEnd: number;
  readonly valueWeight: number;
  readonly referenceWeight: number;
  readonly referenceWeightEnd: number;
  readonly gradientNormMax: number;
  readonly klTarget: number | null;
  readonly scaleRewards: boolean;
  readonly acts: 'best' | 'samples';
  readonly noOpLogit: number;
}

/** Sizes of the entity network's layers, and its optional parts. */
interface NetworkSettings {
  readonly encoderUnits: number;
  readonly embeddingUnits: number;
  readonly headUnits: number;
  readonly valueUnits: number;
  readonly messages: boolean;
  readonly memoryUnits: number;
  readonly memorySteps: number;
}

/** Shares and records of opponents. */
export interface LeagueSettings {
  readonly shares: {
    readonly latest: number;
    readonly past: number;
    readonly scripted: number;
    readonly archive: number;
  };
  readonly quietRatio: number;
  readonly pastMax: number;
  readonly exponent: number;
  readonly floor: number;
  readonly recordDecay: number;
  readonly scripts: Readonly<Record<string, readonly string[]>>;
  readonly archive: ArchiveSettings;
}

/** Which failure scripts are kept, and how they change. */
export interface ArchiveSettings {
  readonly capacity: number;
  readonly candidates: number;
  readonly trials: number;
  readonly trialRatio: number;
  readonly mutationRatio: number;
  readonly recordDecay: number;
  readonly learnabilityMin: number;
  readonly faultsMax: number;
  readonly retries: number;
}

/** Who learns when. */
export interface ScheduleSettings {
  readonly roles?: readonly string[] | undefined;
  readonly firstIterations: number;
  readonly turnIterations: number;
  readonly freezeAbove: number;
}

/** Episodes begin easier and grow to their full difficulty. */
export interface CurriculumSettings {
  readonly start: number;
  readonly fullAt: number;
}

/** How contests in training differ from those that are scored. */
interface ContestSettings {
  readonly regret: boolean;
  readonly monitoringGapsMax: { readonly lateRatio: number; readonly missingRatio: number } | null;
}

/** When the agents are evaluated, against whom, and how long without improvement a run goes on. */
export interface EvaluationSettings {
  readonly everyIterations: number | null;
  readonly episodes: number;
  readonly snapshots: number;
  readonly scripts: Readonly<Record<string, readonly string[]>>;
  readonly seed: number;
  readonly patience: number | null;
}

/** All settings of a run, complete. */
export interface TrainSettings {
  readonly seed: number;
  readonly backend: BackendName;
  readonly steps: number;
  readonly environments: number;
  readonly shards: number;
  readonly rolloutSteps: number;
  readonly gradientShards: number;
  readonly forcedShare: number;
  readonly normaliseObservations: boolean;
  readonly normaliseSteps: number;
  readonly deviationMin: number;
  readonly hiddenFeatures: readonly string[];
  readonly network: NetworkSettings;
  readonly role: RoleSettings;
  readonly roles: Readonly<Record<string, PartialOrUndefined<RoleSettings>>>;
  readonly league: LeagueSettings;
  readonly schedule: ScheduleSettings;
  readonly curriculum: CurriculumSettings;
  readonly contest: ContestSettings;
  readonly evaluation: EvaluationSettings;
  /** By role: the agent whose network it starts from. */
  readonly startFrom: Readonly<Record<string, string>>;
  readonly coldStart: Readonly<Record<string, ColdStartSettings>>;
}

type PartialOrUndefined<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** One role's settings: those of every role, with what differs for this one. */
export function roleSettings(settings: TrainSettings, role: string): RoleSettings {
  return { ...settings.role, ...withoutUndefined(settings.roles[role] ?? {}) };
}

/** What goes linearly from a setting of its name to one that ends in `End`. */
export type ScheduledSetting = 'learningRate' | 'entropyWeight' | 'referenceWeight';

/** Its value after this share of the run's steps, 0 to 1. */
export function scheduledSetting(role: RoleSettings, name: ScheduledSetting, progress: number): number {
  const end = role[`${name}End`];
  return end + (role[name] - end) * Math.max(0, 1 - progress);
}

/** Whether a role has learned something before the first iteration: it starts from an agent, or has a cold start. */
export function beginsTrained({ startFrom, coldStart }: TrainSettings, role: string): boolean {
  return startFrom[role] !== undefined || coldStart[role] !== undefined;
}

/** Whether a role is to stay close to the policy that it began play with. */
export function hasReference(settings: TrainSettings, role: string): boolean {
  const { referenceWeight, referenceWeightEnd } = roleSettings(settings, role);
  return beginsTrained(settings, role) && Math.max(referenceWeight, referenceWeightEnd) > 0;
}

/** The object without keys whose value is undefined, so that it can be spread over defaults. */
export function withoutUndefined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
