/** An agent's card: what it is, for whom, trained how; the part of an agent's folder that people and programs read first. */

import { z } from 'zod';
import type { NetworkShape } from '../neural/index.ts';

/** What stands in `card.json` of an agent's folder. */
export interface AgentCard {
  readonly format: typeof AGENT_FORMAT;
  readonly version: typeof AGENT_VERSION;
  readonly name: string;
  readonly role: string;
  readonly kind: 'neural';
  /** Whether it takes its best choice or draws from its probabilities. */
  readonly acts: 'best' | 'samples';
  readonly network: NetworkShape;
  /** Hashes of the specs it was trained on. */
  readonly observationHash: string;
  readonly actionHash: string;
  readonly weights: { readonly file: string; readonly hash: string };
  /** How it was trained: scenarios, steps, seed, versions. */
  readonly training: Readonly<Record<string, unknown>>;
  /** How well it does, once it has been measured. */
  readonly scores?: Readonly<Record<string, unknown>> | undefined;
}

export const AGENT_FORMAT = 'deepl-ops-agent';
export const AGENT_VERSION = 1;

const units = z.number().int().positive();
const features = z.number().int().min(0);

/** Checks a card read from disk. */
export const agentCardSchema: z.ZodType<AgentCard> = z.object({
  format: z.literal(AGENT_FORMAT),
  version: z.literal(AGENT_VERSION),
  name: z.string(),
  role: z.string(),
  kind: z.literal('neural'),
  acts: z.enum(['best', 'samples']),
  network: z.object({
    componentFeatures: units,
    clusterFeatures: features,
    criticFeatures: features,
    verbs: units,
    encoderUnits: units,
    embeddingUnits: units,
    headUnits: units,
    valueUnits: units,
    messages: z.boolean().optional(),
    memoryUnits: units.optional(),
  }),
  observationHash: z.string(),
  actionHash: z.string(),
  weights: z.object({ file: z.string().regex(/^[\w.-]+$/), hash: z.string() }),
  training: z.record(z.string(), z.unknown()),
  scores: z.record(z.string(), z.unknown()).optional(),
});
