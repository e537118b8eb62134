/** `rules.json`: its schema, and reading it. */

import { z } from 'zod';
import type { Rule, RuleCondition, RuleSet } from './rule-set.ts';

export const RULES_FORMAT = 'deepl-ops-rules';

/** A condition with its reading. */
interface WrittenCondition extends RuleCondition {
  readonly natural: { readonly value: number; readonly unit: string };
  readonly words: string;
}

/** A rule with its reading. */
interface WrittenRule extends Rule {
  readonly when: readonly WrittenCondition[];
}

/** What stands in `rules.json`. */
export interface RulesDocument {
  readonly $schema?: string | undefined;
  readonly format: typeof RULES_FORMAT;
  readonly version: 1;
  readonly agent: string;
  readonly observationHash: string;
  readonly actionHash: string;
  readonly order: string;
  readonly rules: readonly WrittenRule[];
}

const condition: z.ZodType<WrittenCondition> = z.object({
  feature: z.string().describe('A feature of the component by name, or one of the cluster with cluster. in front'),
  op: z.enum(['>', '<=']),
  value: z.number().describe('In the units of the observation: this is what is compared'),
  natural: z.object({ value: z.number(), unit: z.string() }).describe('The same threshold in the unit people use'),
  words: z.string().describe('The condition to be read aloud'),
});

const rule: z.ZodType<WrittenRule> = z.object({
  id: z.string(),
  kind: z.string().describe('Kind of component the rule is for'),
  when: z.array(condition).describe('All must hold'),
  do: z.string().describe('Name of the repair'),
  priority: z.number().describe('Of rules that fire on several components the highest goes first'),
  support: z.number().min(0).max(1).describe("Share of the network's repairs that this rule stands for"),
  precision: z.number().min(0).max(1).describe('Share of its firings in which the network wanted the same there'),
  regret: z.number().describe('Mean reward that is lost if nothing is done where it fires'),
});

export const rulesSchema: z.ZodType<RulesDocument> = z.object({
  $schema: z.string().optional(),
  format: z.literal(RULES_FORMAT),
  version: z.literal(1),
  agent: z.string().describe('The agent whose network the rules were made from'),
  observationHash: z.string(),
  actionHash: z.string(),
  order: z.string().describe('How rules are applied'),
  rules: z.array(rule),
});

/** Reads a rules document; the complaint of the first problem, in words, where it is none. */
export function readRules(value: unknown): { readonly rules: RuleSet } | { readonly problem: string } {
  const result = rulesSchema.safeParse(value);
  if (result.success) return { rules: result.data };
  const [issue] = result.error.issues;
  return { problem: `${issue?.path.join('.')}: ${issue?.message}` };
}
