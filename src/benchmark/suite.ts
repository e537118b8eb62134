/** A suite: which agents play which scenarios how often, on which seeds. Read from YAML, with the place of each mistake. */

import { z } from 'zod';
import { DeeplOpsError, hashText } from '../base/index.ts';
import { type EngineName, engineNames } from '../environment/index.ts';
import { parseYaml, type Scenario } from '../scenario/index.ts';

/** Episodes per cell beyond which a typing mistake is more likely than patience. */
const EPISODES_MAX = 100_000;

/** Beside the chaos agents: silence, and the faults of each scenario's own script. */
export const SCRIPT = 'script';

/** A suite file as written, with defaults filled in. */
export interface SuiteDocument {
  readonly name: string;
  readonly description: string;
  /** Files, or folders of them, relative to the suite. */
  readonly scenarios: readonly string[];
  readonly order: readonly string[];
  readonly chaos: readonly string[];
  readonly episodes: number;
  readonly fewerEpisodes: Readonly<Record<string, number>>;
  readonly quietRatio?: number | undefined;
  readonly seed: number;
  readonly engine: EngineName;
  readonly reference?: string | undefined;
}

const episodeCount = z.int().min(1).max(EPISODES_MAX);
const agentNames = z.array(z.string().min(1)).min(1);

const suiteSchema: z.ZodType<SuiteDocument> = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(''),
  scenarios: z.array(z.string().min(1)).min(1),
  order: agentNames,
  chaos: agentNames,
  episodes: episodeCount,
  fewerEpisodes: z.record(z.string(), episodeCount).default({}),
  quietRatio: z.number().min(0).max(1).optional(),
  seed: z.int().min(0).default(1),
  engine: z.enum(engineNames).default('flow'),
  reference: z.string().min(1).optional(),
});

/** A suite ready to be run. */
export interface Suite {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  /** Names or folders of agents; of chaos also `SCRIPT`. */
  readonly order: readonly string[];
  readonly chaos: readonly string[];
  /** Episodes of each pair of agents on each scenario. */
  readonly episodes: number;
  /** At most so many for these order agents, which take long to think. */
  readonly fewerEpisodes?: Readonly<Record<string, number>>;
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
  const { order, reference, fewerEpisodes } = result.data;
  const absent = Object.keys(fewerEpisodes).find((name) => !order.includes(name));
  if (absent !== undefined) {
    const message = `fewerEpisodes: ${absent} is not among the order agents ${order.join(', ')}`;
    throw new DeeplOpsError('SUITE_INVALID', message, { place: source.locate(['fewerEpisodes', absent]) });
  }
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

/** Number of contested episodes that an order agent plays in a cell. */
export function contestedEpisodes({ episodes, fewerEpisodes = {} }: Suite, order: string): number {
  return Math.min(episodes, fewerEpisodes[order] ?? episodes);
}

/** Number of quiet episodes that an order agent plays on a scenario. */
export function quietEpisodes(suite: Suite, scenario: Scenario, order: string): number {
  return Math.ceil(contestedEpisodes(suite, order) * (suite.quietRatio ?? scenario.contest.quietRatio));
}
