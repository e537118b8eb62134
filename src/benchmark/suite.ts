/** A suite: which agents play which scenarios how often, on which seeds. Read from YAML, with the place of each mistake. */

import { z } from 'zod';
import { DeeplOpsError, hashText } from '../base/index.ts';
import { type EngineName, engineNames } from '../environment/index.ts';
import { parseYaml, type Scenario } from '../scenario/index.ts';

/** Episodes per cell beyond which a typing mistake is more likely than patience. */
const EPISODES_MAX = 100_000;

/** A suite file as written, with defaults filled in. */
export interface SuiteDocument {
  readonly name: string;
  readonly description: string;
  /** Files, relative to the suite. */
  readonly scenarios: readonly string[];
  readonly order: readonly string[];
  readonly chaos: readonly string[];
  readonly episodes: number;
  readonly quietRatio?: number | undefined;
  readonly seed: number;
  readonly engine: EngineName;
  readonly reference?: string | undefined;
}

const agentNames = z.array(z.string().min(1)).min(1);

const suiteSchema: z.ZodType<SuiteDocument> = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(''),
  scenarios: z.array(z.string().min(1)).min(1),
  order: agentNames,
  chaos: agentNames,
  episodes: z.int().min(1).max(EPISODES_MAX),
  quietRatio: z.number().min(0).max(1).optional(),
  seed: z.int().min(0).default(1),
  engine: z.enum(engineNames).default('flow'),
  reference: z.string().min(1).optional(),
});

/** A suite ready to be run. */
export interface Suite {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  /** Names or folders of agents. */
  readonly order: readonly string[];
  readonly chaos: readonly string[];
  /** Episodes of each pair of agents on each scenario. */
  readonly episodes: number;
  /** Further episodes with silent chaos, as a share; null = the share each scenario states. */
  readonly quietRatio: number | null;
  readonly seed: number;
  readonly engine: EngineName;
  /** The order agent that the others are compared with. */
  readonly reference: string;
}

/** Reads a suite's text. Throws YAML_SYNTAX or SUITE_INVALID with file, line and column. */
export function parseSuite(text: string, options: { readonly file: string }): SuiteDocument {
  const source = parseYaml(text, options);
  const result = suiteSchema.safeParse(source.value ?? {});
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
    const message = `${path.join('.')}${path.length > 0 ? ': ' : ''}${issue?.message ?? 'is not a suite'}`;
    throw new DeeplOpsError('SUITE_INVALID', message, { place: source.locate(path) });
  }
  const { order, reference } = result.data;
  if (reference !== undefined && !order.includes(reference)) {
    const message = `reference: ${reference} is not among the order agents ${order.join(', ')}`;
    throw new DeeplOpsError('SUITE_INVALID', message, { place: source.locate(['reference']) });
  }
  return result.data;
}

/** True for text that means to be a suite rather than a scenario. */
export function looksLikeSuite(text: string): boolean {
  return /^scenarios\s*:/m.test(text);
}

/** The order agent to compare with when none is stated: the runbook if it plays, else the first. */
export function defaultReference(order: readonly string[]): string {
  return order.includes('runbook') ? 'runbook' : (order[0] ?? '');
}

/** Seed of an episode: the same for every pair of agents, and apart from the seeds that training draws. */
export function episodeSeed(suiteSeed: number, kind: 'contested' | 'quiet', index: number): number {
  return Number.parseInt(hashText(`benchmark ${suiteSeed} ${kind} ${index}`).slice(0, 8), 16);
}

/** Number of quiet episodes on a scenario. */
export function quietEpisodes({ episodes, quietRatio }: Suite, scenario: Scenario): number {
  return Math.ceil(episodes * (quietRatio ?? scenario.contest.quietRatio));
}
