/** A signals document: what monitoring shows of a system at one moment, in natural units; parts may be missing. */

import { z } from 'zod';
import { checkDocument, type Locate, problemAt } from './file-problem.ts';
import {
  type ComponentFacts,
  componentFields,
  componentName,
  parseTopology,
  signalValues,
  TOPOLOGY_FORMAT,
  type TopologyMap,
} from './topology-document.ts';

export const SIGNALS_FORMAT = 'deepl-ops-signals';

/** What happened to a component by our own hand. */
export interface RepairRecord {
  readonly verb: string;
  readonly startedAt: string;
  readonly inProgress: boolean;
  readonly endedAt?: string | undefined;
  readonly outcome?: 'succeeded' | 'failed' | undefined;
}

/** One component as monitoring shows it; facts about it may stand beside, and have to without a topology map. */
export interface ComponentSignals extends Omit<ComponentFacts, 'kind'> {
  readonly kind?: ComponentFacts['kind'] | undefined;
  readonly at?: string | undefined;
  readonly missing: boolean;
  readonly signals: Readonly<Record<string, number>>;
  readonly before: Readonly<Record<string, number>>;
  readonly repairs: readonly RepairRecord[];
}

/** How the users of a workload fare. */
export interface UserSignals {
  readonly workload: string;
  readonly successRatio: number;
  readonly latencyP99: number;
  readonly shedRatio: number;
  readonly objective?: { readonly successRatio: number; readonly latencyP99: number } | undefined;
}

/** A signals document as it is written. */
export interface SignalsDocument {
  readonly $schema?: string | undefined;
  readonly format: typeof SIGNALS_FORMAT;
  readonly version: 1;
  readonly at: string;
  readonly users: readonly UserSignals[];
  readonly repairs: { readonly budgetSpent: number };
  readonly components: Readonly<Record<string, ComponentSignals>>;
}

const instant: z.ZodType<string> = z.iso.datetime({ offset: true });

const repair: z.ZodType<RepairRecord> = z.strictObject({
  verb: componentName(),
  startedAt: instant,
  inProgress: z.boolean().default(false),
  endedAt: instant.optional(),
  outcome: z.enum(['succeeded', 'failed']).optional(),
});

const component: z.ZodType<ComponentSignals> = z.strictObject({
  ...componentFields,
  kind: componentFields.kind.optional(),
  at: instant.optional().describe('When these signals were sampled; default: the moment of the document'),
  missing: z.boolean().default(false).describe('The last scrape brought nothing: the signals are older ones'),
  signals: signalValues('What monitoring shows, in the units of the model card'),
  before: signalValues('The sample before, for the signals whose change counts'),
  repairs: z.array(repair).default([]).describe('Own repairs on this component in the last minutes, in any order'),
});

const users: z.ZodType<UserSignals> = z.strictObject({
  workload: z.string().default(''),
  successRatio: z.number().min(0).max(1).describe('Good answers, of the requests let in'),
  latencyP99: z.number().min(0).describe('s'),
  shedRatio: z.number().min(0).max(1).default(0).describe('Requests refused on purpose, of all'),
  objective: z
    .strictObject({ successRatio: z.number().min(0).max(1), latencyP99: z.number().positive() })
    .optional()
    .describe('What these users are promised, where the topology map says something else'),
});

export const signalsSchema: z.ZodType<SignalsDocument> = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(SIGNALS_FORMAT),
  version: z.literal(1),
  at: instant.describe('The moment this document describes'),
  users: z.array(users).default([]),
  repairs: z
    .strictObject({
      budgetSpent: z.number().min(0).max(1).default(0).describe('Share of the budget for repairs that is spent'),
    })
    .default({ budgetSpent: 0 }),
  components: z.record(componentName(), component).default({}),
});

/** Checks a signals document; SIGNALS_INVALID. */
export function parseSignals(value: unknown, locate?: Locate): SignalsDocument {
  return checkDocument(value, { schema: signalsSchema, code: 'SIGNALS_INVALID', locate });
}

/** The map that a document makes of itself, where it comes without one: every component must tell its kind. */
export function topologyOf({ components }: SignalsDocument, locate?: Locate): TopologyMap {
  const facts = Object.entries(components).map(([name, { kind, needs, replicas, replicasMax, ...rest }]) => {
    if (kind === undefined) {
      const message = 'tells no kind, and there is no topology map that would';
      throw problemAt(['components', name], message, { code: 'SIGNALS_INVALID', locate });
    }
    const { stateful, entry, callersRetry, healthy } = rest;
    return [name, { kind, needs, replicas, replicasMax, stateful, entry, callersRetry, healthy }];
  });
  return parseTopology({ format: TOPOLOGY_FORMAT, version: 1, components: Object.fromEntries(facts) }, locate);
}
