/** The files of an exported model that deciding needs beside the network: rules, situations, schemas. */

import { z } from 'zod';
import type { FeatureSpec, RoleSpec } from '../contract/index.ts';
import {
  type AbstentionLimits,
  type FamiliarSituations,
  type RuleSet,
  rulesSchema,
  signalsSchema,
  topologySchema,
} from '../decide/index.ts';
import { clusterFeatureQuery, componentFeatureQuery, ownMetrics, scoreQueries } from './feature-queries.ts';
import { queryPlaceholders, recordedSignal, signalQueries } from './signal-queries.ts';
import { rulesDocument, rulesMarkdown } from './write-rules.ts';

/** A signal with its unit and meaning. */
export interface SignalNote {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
}

/** What a model decides with, and how that was come by. */
export interface DecisionParts {
  readonly rules: RuleSet;
  readonly familiar: FamiliarSituations;
  readonly limits: AbstentionLimits;
  /** Sentences at the head of `rules.md`. */
  readonly summary: readonly string[];
  /** The card's word on the rules: fidelity, scores, settings. */
  readonly ruleNotes: object;
  /** The card's word on the limits: how each was measured. */
  readonly limitNotes: object;
  /** The card's word on how well the network does, as measured at export. */
  readonly scores?: object;
}

/** Files by name. */
export function decisionFiles(parts: DecisionParts, spec: RoleSpec, agent: string): Record<string, string> {
  const document = rulesDocument(parts.rules, spec, agent);
  return {
    'rules.json': json(document, 2),
    'rules.md': rulesMarkdown(document, spec, parts.summary),
    'situations.json': json(parts.familiar),
    'rules.schema.json': schema(rulesSchema),
    'signals.schema.json': schema(signalsSchema),
    'topology.schema.json': schema(topologySchema),
  };
}

/** The card's part on deciding. */
export function decisionNotes(parts: DecisionParts): object {
  const { limits, familiar } = parts;
  return {
    rules: { file: 'rules.json', text: 'rules.md', schema: 'rules.schema.json', ...parts.ruleNotes },
    abstention: {
      limits,
      situations: 'situations.json',
      strangenessMax: familiar.strangenessMax,
      strangeShareOfUnseenSituations: familiar.falseAlarmRatio,
      ...parts.limitNotes,
    },
    documents: { signals: 'signals.schema.json', topology: 'topology.schema.json' },
  };
}

/** How every signal and every feature is got on a real system. */
export function queryNotes(
  { observation }: RoleSpec,
  signals: Readonly<Record<string, readonly SignalNote[]>>,
): object {
  const { componentFeatures, clusterFeatures } = observation;
  const described = (features: readonly FeatureSpec[], queryOf: typeof componentFeatureQuery) =>
    features.map((feature) => ({ feature: feature.name, ...queryOf(feature) }));
  return {
    signals: Object.fromEntries(
      Object.entries(signals).map(([kind, list]) => [kind, list.map((signal) => withQuery(kind, signal))]),
    ),
    promql: {
      use: 'Record the query of every signal under its name with the label component (and of every score likewise); features are queries over these.',
      placeholders: queryPlaceholders,
      ownMetrics,
      scores: scoreQueries(componentFeatures),
      componentFeatures: described(componentFeatures, componentFeatureQuery),
      clusterFeatures: described(clusterFeatures, clusterFeatureQuery),
    },
  };
}

function withQuery(kind: string, signal: SignalNote): object {
  return { ...signal, record: recordedSignal(signal.name), ...signalQueries[kind]?.[signal.name] };
}

function schema(type: z.ZodType): string {
  return json(z.toJSONSchema(type, { io: 'input' }), 2);
}

function json(document: unknown, indent?: number): string {
  return `${JSON.stringify(document, null, indent)}\n`;
}
