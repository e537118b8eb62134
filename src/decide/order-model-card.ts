/** The parts of an exported model's `card.json` that deciding needs; the card holds more for people to read. */

import { z } from 'zod';
import type { ActionSpec, FeatureSpec, OfferCondition, VerbSpec } from '../contract/index.ts';

export const MODEL_FORMAT = 'deepl-ops-model';
export const MODEL_VERSION = 2;

/** What a model sees and may choose, as its card tells it. */
export interface ModelSpec {
  readonly observation: {
    readonly hash: string;
    readonly componentFeatures: readonly FeatureSpec[];
    readonly clusterFeatures: readonly FeatureSpec[];
  };
  readonly action: ActionSpec;
  /** Names of the signals that a kind of component has. */
  readonly signalsOf: Readonly<Record<string, readonly string[]>>;
}

/** When a model rather says nothing; each was measured on situations of training unless its note says otherwise. */
export interface AbstentionLimits {
  /** Samples older than this count as missing; a document whose freshest sample is older is stale. */
  readonly ageSecondsMax: number;
  /** Firing alerts that began longer ago, with nothing newer beside them, are stale. */
  readonly alertAgeSecondsMax: number;
  /** Share of all signals that must be known. */
  readonly knownShareMin: number;
  /** Share of the ways to fill the gaps that must lead to the same answer. */
  readonly agreementMin: number;
}

/** The card as far as it is read here. */
export interface OrderModelCard extends ModelSpec {
  readonly name: string;
  readonly role: string;
  readonly acts: 'best' | 'samples';
  readonly weightsHash: string;
  readonly limits: AbstentionLimits | undefined;
}

const feature: z.ZodType<FeatureSpec> = z.object({ name: z.string(), unit: z.string(), meaning: z.string() });

const condition: z.ZodType<OfferCondition> = z.union([
  z.strictObject({ fact: z.string() }),
  z.strictObject({
    signal: z.string(),
    of: z.literal('store').optional(),
    atLeast: z.number().optional(),
    below: z.number().optional(),
  }) as z.ZodType<OfferCondition>,
]);

const verb = z.object({
  name: z.string(),
  target: z.string(),
  meaning: z.string(),
  offer: z.object({ always: z.array(z.string()), oneOf: z.array(condition) }).optional(),
}) as z.ZodType<VerbSpec>;

const limits: z.ZodType<AbstentionLimits> = z.object({
  ageSecondsMax: z.number().positive(),
  alertAgeSecondsMax: z.number().positive(),
  knownShareMin: z.number().min(0).max(1),
  agreementMin: z.number().min(0).max(1),
});

const cardSchema = z.object({
  format: z.literal(MODEL_FORMAT),
  version: z.literal(MODEL_VERSION),
  name: z.string(),
  role: z.string(),
  acts: z.enum(['best', 'samples']),
  observation: z.object({
    hash: z.string(),
    componentFeatures: z.array(feature),
    clusterFeatures: z.array(feature),
  }),
  action: z.object({ hash: z.string(), verbs: z.array(verb) }),
  network: z.object({ weightsHash: z.string() }),
  signals: z.record(z.string(), z.array(z.object({ name: z.string() }))).optional(),
  abstention: z.object({ limits }).optional(),
});

/** Reads a card; the complaint of the first problem, in words, where it is none of ours. */
export function readCard(value: unknown): { readonly card: OrderModelCard } | { readonly problem: string } {
  const result = cardSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    return { problem: `${issue?.path.join('.')}: ${issue?.message}` };
  }
  const { name, role, acts, observation, action, network, signals = {}, abstention } = result.data;
  const signalsOf = Object.fromEntries(
    Object.entries(signals).map(([kind, list]) => [kind, list.map((signal) => signal.name)]),
  );
  const { weightsHash } = network;
  return { card: { name, role, acts, observation, action, signalsOf, weightsHash, limits: abstention?.limits } };
}
