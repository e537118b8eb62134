/** The PromQL query that yields each feature of an observation, over the recorded signals of `signal-queries.ts`. */

import type { FeatureSpec } from '../contract/index.ts';
import { isRelative } from '../decide/index.ts';
import { largest, podsOfService, recordedSignal, type SignalQuery, signalQueries } from './signal-queries.ts';

/** A query to be recorded for every component of a kind, so that neighbours can be pooled. */
export interface ScoreQuery {
  readonly kind: string;
  readonly record: string;
  readonly query: string;
}

const OWN = '{component="{{component}}"}';
/** Whatever has been recorded about the component. */
const ANY_SIGNAL = '{__name__=~"deepl_ops:.+",component="{{component}}"}';

/** A signal's recorded value as its feature has it: shares at most 1, the rest against the healthy value. */
function signalFeatureQuery(signal: string, feature: Pick<FeatureSpec, 'unit'>, offset = ''): string {
  const recorded = `${recordedSignal(signal)}${OWN}`;
  if (!isRelative(feature)) return `clamp_max(${recorded}${offset}, 1)`;
  const healthy = `avg_over_time(${recorded}[{{healthyWindow}}])`;
  return `clamp(ln(${recorded}${offset} / ${healthy}) / 3, -1, 1)`;
}

/** The query of a feature of one component. */
export function componentFeatureQuery({ name, unit }: FeatureSpec): SignalQuery {
  const fixed = fixedQueries[name];
  if (fixed !== undefined) return fixed;
  const [, scope = '', rest = ''] = /^(\w+)\.(.+)$/.exec(name) ?? [];
  switch (scope) {
    case 'type':
      return { query: 'vector(1)', note: `for every ${rest}; vector(0) for other kinds` };
    case 'signal':
      return { query: signalFeatureQuery(rest, { unit }) };
    case 'change':
      return {
        query: `${signalFeatureQuery(rest, { unit })} - ${signalFeatureQuery(rest, { unit }, ' offset {{scrape}}')}`,
      };
    case 'dependents':
    case 'dependencies':
      return { query: poolQuery(scope, rest) };
    default:
      return {
        query: `clamp_min(1 - (time() - max(deepl_ops_repair_started_timestamp_seconds{component="{{component}}",verb="${rest.replace(/^recent\./, '')}"})) / 300, 0) or vector(0)`,
      };
  }
}

/** The query of a feature of the whole cluster. */
export function clusterFeatureQuery({ name }: FeatureSpec): SignalQuery {
  return { query: clusterQueries[name] ?? '' };
}

/** Scores of every kind that has signals, to be recorded beside the signals. */
export function scoreQueries(features: readonly FeatureSpec[]): ScoreQuery[] {
  const unitOf = (signal: string): string => features.find(({ name }) => name === `signal.${signal}`)?.unit ?? '';
  const one = (signal: string): string => signalFeatureQuery(signal, { unit: unitOf(signal) });
  return Object.keys(signalQueries).flatMap((kind) => {
    const parts = scoreParts[kind];
    if (parts === undefined) return [];
    const error = parts.error === undefined ? 'vector(0)' : one(parts.error);
    const latency = parts.latency === undefined ? 'vector(0)' : `clamp_min(${one(parts.latency)}, 0)`;
    const saturation = largest(parts.saturation.map(one));
    const absence = parts.absence.map(({ signal, inverse }) => (inverse ? `1 - ${one(signal)}` : one(signal)));
    const full = `(${saturation} > 0.9 or vector(0))`;
    return Object.entries({ error, latency, saturation, anomaly: largest([error, latency, ...absence, full]) }).map(
      ([score, query]) => ({ kind, record: recordedScore(score), query }),
    );
  });
}

interface ScoreParts {
  readonly error?: string;
  readonly latency?: string;
  readonly saturation: readonly string[];
  readonly absence: readonly { readonly signal: string; readonly inverse: boolean }[];
}

/** What the scores of a kind are made of; see `decide/component-scores.ts`. */
const scoreParts: Readonly<Record<string, ScoreParts>> = {
  service: {
    error: 'errorRatio',
    latency: 'latencyMean',
    saturation: ['saturation', 'memory'],
    absence: [
      { signal: 'readyRatio', inverse: true },
      { signal: 'restarts', inverse: false },
    ],
  },
  node: { saturation: ['cpu'], absence: [{ signal: 'nodeReady', inverse: true }] },
  link: { error: 'loss', latency: 'roundTrip', saturation: ['utilisation'], absence: [] },
  disk: { error: 'diskErrors', latency: 'diskAwait', saturation: ['utilisation', 'diskUsed'], absence: [] },
};

function recordedScore(score: string): string {
  return `deepl_ops:score_${score}`;
}

function poolQuery(side: 'dependents' | 'dependencies', rest: string): string {
  const [pool = '', score = ''] = rest.split('.');
  return `${pool === 'max' ? 'max' : 'avg'}(${recordedScore(score)}{component=~"{{${side}}}"}) or vector(0)`;
}

const fixedQueries: Readonly<Record<string, SignalQuery>> = {
  stateful: {
    query: `count(kube_pod_spec_volumes_persistentvolumeclaims_info{${podsOfService}}) > bool 0 or vector(0)`,
  },
  entry: { query: 'vector(1)', note: 'for the services that users reach; vector(0) for others: from the topology map' },
  depth: {
    query: 'vector(0)',
    note: 'longest chain of calls from the users, of the longest there is: from the topology map',
  },
  replicas: {
    query:
      'clamp_max(sum(kube_deployment_spec_replicas{namespace="{{namespace}}",deployment="{{service}}"} or kube_statefulset_replicas{namespace="{{namespace}}",statefulset="{{service}}"}) / 8, 1)',
    note: 'for services; vector(0) for other kinds',
  },
  signalAge: { query: `clamp_max((time() - max(timestamp(${ANY_SIGNAL}))) / 60, 1)` },
  missing: { query: `absent(present_over_time(${ANY_SIGNAL}[{{scrape}}])) or vector(0)` },
  'repair.inProgress': { query: `max(deepl_ops_repair_in_progress${OWN}) or vector(0)` },
  'repair.recency': {
    query: `clamp_min(1 - (time() - max(deepl_ops_repair_ended_timestamp_seconds${OWN})) / 300, 0) or vector(0)`,
  },
  'repair.succeeded': { query: `max(deepl_ops_repair_last_succeeded${OWN}) or vector(0)` },
  'repair.failed': { query: `(1 - max(deepl_ops_repair_last_succeeded${OWN})) or vector(0)` },
};

const toUsers = 'reporter="source",destination_service_name="{{entry}}",destination_service_namespace="{{namespace}}"';
const userRate = (matchers: string): string => `sum(rate(istio_requests_total{${matchers}}[{{window}}]))`;
const REFUSED = 'response_code=~"429|503",response_flags=~"RL|UO"';

const clusterQueries: Readonly<Record<string, string>> = {
  'door.successDeficit': `clamp(10 * ({{objectiveSuccessRatio}} - ${userRate(`${toUsers},response_code!~"0|429|5.."`)} / (${userRate(toUsers)} - (${userRate(`${toUsers},${REFUSED}`)} or vector(0)))), 0, 1)`,
  'door.latency': `clamp_max(histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${toUsers}}[{{window}}]))) / 1000 / {{objectiveLatencyP99}}, 2) - 1`,
  'door.shed': `(${userRate(`${toUsers},${REFUSED}`)} or vector(0)) / ${userRate(toUsers)}`,
  'repairs.spent': 'max(deepl_ops_repair_budget_spent_ratio) or vector(0)',
  'repairs.inProgress': 'clamp_max(sum(deepl_ops_repair_in_progress) / 4, 1) or vector(0)',
  missing:
    '1 - count(count by (component) (present_over_time({__name__=~"deepl_ops:.+",component=~"{{components}}"}[{{scrape}}]))) / {{componentCount}}',
};

/** Metrics that no exporter has: whoever carries repairs out has to publish them. */
export const ownMetrics: Readonly<Record<string, string>> = {
  deepl_ops_repair_in_progress: '1 while a repair is in progress on the component, else 0',
  deepl_ops_repair_ended_timestamp_seconds: 'when the last repair on the component ended (Unix time)',
  deepl_ops_repair_last_succeeded: '1 if that repair ran to its end, 0 if it failed',
  deepl_ops_repair_started_timestamp_seconds: 'when the verb was last started on the component (Unix time, label verb)',
  deepl_ops_repair_budget_spent_ratio: 'share of the budget for repairs that is spent; 0 where there is no budget',
};
