/**
 * Features as people name them: each has a natural unit, and a condition on it reads as a phrase. What a feature is, is
 * told by its name and unit in the observation spec, so that this works for a model's own spec.
 */

import { exp, log } from '../base/index.ts';
import type { FeatureSpec } from '../contract/index.ts';
import { CLUSTER_PREFIX, type RuleCondition } from './rule-set.ts';
import { endsAtOne } from './signal-bounds.ts';

/** How a feature is told. */
export interface FeatureForm {
  /** What it is, for instance `p99 latency`. */
  readonly title: string;
  /** Unit of natural values; empty for counts and flags. */
  readonly unit: string;
  /** From the number in the observation to the one people use. */
  toNatural(value: number): number;
  /** `p99 latency above 3.2 times its healthy value`. */
  phrase(op: RuleCondition['op'], value: number): string;
  /** Whether it is one of two things rather than a number. */
  readonly isFlag?: boolean;
}

/**
 * What a feature is like, in words: `p99 latency 3.2 times its healthy value`. At an end of the observation's scale the
 * true value may lie beyond, so that it is told as a bound.
 */
export function readingWords(feature: Pick<FeatureSpec, 'name' | 'unit'>, value: number): string {
  const form = featureForm(feature);
  if (form.isFlag) return form.phrase(value > 0.5 ? '>' : '<=', 0.5);
  return `${form.title} ${boundWords(feature, value)}${short(form.toNatural(value))} ${form.unit}`.trimEnd();
}

function boundWords(feature: Pick<FeatureSpec, 'name' | 'unit'>, value: number): string {
  const [, signal] = /^signal\.(.*)$/.exec(feature.name) ?? [];
  if (signal === undefined) return '';
  if (value >= 1 && !endsAtOne(signal)) return 'at least ';
  return value <= -1 && isRelative(feature) ? 'at most ' : '';
}

/** The form of a feature; those of the cluster come with their prefix. */
export function featureForm(feature: Pick<FeatureSpec, 'name' | 'unit'>): FeatureForm {
  const { name, unit } = feature;
  const special = specialForms[name];
  if (special !== undefined) return special;
  const [, scope = '', rest = name] = /^(signal|change|dependents|dependencies|repair)\.(.*)$/.exec(name) ?? [];
  if (scope === 'signal') return signalForm(rest, unit);
  if (scope === 'change') return changeForm(rest, unit);
  if (scope === 'dependents' || scope === 'dependencies') return poolForm(scope, rest);
  if (scope === 'repair') {
    const verb = rest.replace(/^recent\./, '');
    return recencyForm(`${verb} was started here`, `${verb} was not started here`);
  }
  return amount(name, { unit, factor: 1 });
}

/** A condition in words. */
export function conditionWords({ feature, op, value }: RuleCondition, unitOf: (feature: string) => string): string {
  return featureForm({ name: feature, unit: unitOf(feature) }).phrase(op, value);
}

/** Whether a feature compares with its healthy value on a logarithmic scale, by its unit. */
export function isRelative({ unit }: Pick<FeatureSpec, 'unit'>): boolean {
  return unit.startsWith('ln ratio');
}

/** ln(ratio) is divided by this. */
const RELATIVE_SCALE = 3;

const titles: Readonly<Record<string, string>> = {
  requestRate: 'request rate',
  errorRatio: 'error share',
  latencyMean: 'mean latency',
  latencyP99: 'p99 latency',
  cpu: 'CPU use',
  memory: 'memory use',
  readyRatio: 'share of ready replicas',
  restarts: 'restarts since the last sample',
  saturation: 'load of the workers',
  retryRatio: 'share of retries',
  replicaSpread: 'error share of the worst replica beyond that of all',
  utilisation: 'utilisation',
  roundTrip: 'round trip',
  loss: 'packet loss',
  foreignShare: 'foreign traffic',
  diskUsed: 'disk space used',
  diskAwait: 'mean time of a disk operation',
  diskErrors: 'share of failed disk operations',
  replicationLag: 'replication lag',
};

function signalForm(name: string, unit: string): FeatureForm {
  const title = titles[name] ?? name;
  if (name === 'nodeReady')
    return flag('the orchestrator hears the machine', 'the orchestrator does not hear the machine');
  if (isRelative({ unit })) return ratio(title, 'times its healthy value');
  if (unit.startsWith('ratio')) return percent(title);
  if (unit.startsWith('1,')) return count(title);
  return amount(title, { unit: unit.split(',')[0] ?? '', factor: 1 });
}

function changeForm(name: string, unit: string): FeatureForm {
  const title = titles[name] ?? name;
  if (isRelative({ unit })) return ratio(title, 'times that of the sample before');
  return points(`change of ${title} since the sample before`);
}

function poolForm(side: string, rest: string): FeatureForm {
  const [pool = '', score = ''] = rest.split('.');
  const among = side === 'dependents' ? 'what needs it' : 'what it needs';
  const title = `${pool === 'max' ? 'worst' : 'mean'} ${score} of ${among}`;
  if (score === 'latency' && pool === 'max') return ratio(title, 'times its healthy value');
  // Logarithms have no mean that people would name, and the anomaly is the worst of unlike things.
  if (score === 'latency' || score === 'anomaly') return amount(`${title}, as a score`, { unit: '', factor: 1 });
  return percent(title);
}

const specialForms: Readonly<Record<string, FeatureForm>> = {
  'type.service': flag('it is a service', 'it is no service'),
  'type.node': flag('it is a machine', 'it is no machine'),
  'type.link': flag('it is a link', 'it is no link'),
  'type.disk': flag('it is a disk', 'it is no disk'),
  stateful: flag('it keeps data', 'it keeps no data'),
  entry: flag('users reach it', 'users do not reach it'),
  depth: percent('depth below the users, of the longest chain of calls'),
  replicas: count('declared replicas', 8),
  signalAge: amount('age of the signals', { unit: 's', factor: 60 }),
  missing: flag('the last scrape brought nothing', 'the last scrape brought something'),
  'repair.inProgress': flag('an own repair is in progress here', 'no own repair is in progress here'),
  'repair.recency': recencyForm('the own last repair here ended', 'no own repair here has ended'),
  'repair.succeeded': flag('the own last repair here succeeded', 'the own last repair here did not succeed'),
  'repair.failed': flag('the own last repair here failed', 'the own last repair here did not fail'),
  [`${CLUSTER_PREFIX}door.successDeficit`]: points("shortfall of the users' success share below its objective", 0.1),
  [`${CLUSTER_PREFIX}door.latency`]: {
    title: "users' p99 latency",
    unit: 'times its objective',
    toNatural: (value) => value + 1,
    phrase: (op, value) => `users' p99 latency ${beyond(op)} ${short(value + 1)} times its objective`,
  },
  [`${CLUSTER_PREFIX}door.shed`]: percent('share of users refused on purpose'),
  [`${CLUSTER_PREFIX}repairs.spent`]: percent('repair budget spent'),
  [`${CLUSTER_PREFIX}repairs.inProgress`]: count('own repairs in progress', 4),
  [`${CLUSTER_PREFIX}missing`]: percent('share of components without a fresh sample'),
};

/** 1 right after something, falling to 0 over five minutes. */
function recencyForm(yes: string, no: string): FeatureForm {
  const secondsAgo = (value: number): number => 300 * (1 - value);
  return {
    title: `seconds since ${yes}`,
    unit: 's',
    toNatural: secondsAgo,
    phrase: (op, value) =>
      op === '>'
        ? `${yes} less than ${short(secondsAgo(value))} s ago`
        : `${no} in the last ${short(secondsAgo(value))} s`,
  };
}

function percent(title: string): FeatureForm {
  return {
    title,
    unit: '%',
    toNatural: (value) => 100 * value,
    phrase: (op, value) => `${title} ${beyond(op)} ${short(100 * value)} %`,
  };
}

function points(title: string, factor = 1): FeatureForm {
  return {
    title,
    unit: 'percentage points',
    toNatural: (value) => 100 * factor * value,
    phrase: (op, value) => `${title} ${beyond(op)} ${short(100 * factor * value)} percentage points`,
  };
}

function ratio(title: string, to: string): FeatureForm {
  return {
    title,
    unit: to,
    toNatural: (value) => exp(RELATIVE_SCALE * value),
    phrase: (op, value) => `${title} ${beyond(op)} ${short(exp(RELATIVE_SCALE * value))} ${to}`,
  };
}

/** Whole numbers: above 1.5 is at least 2. */
function count(title: string, factor = 1): FeatureForm {
  return {
    title,
    unit: '',
    toNatural: (value) => factor * value,
    phrase: (op, value) => {
      const most = Math.floor(factor * value + 1e-6);
      return op === '>' ? `${title}: at least ${most + 1}` : `${title}: at most ${most}`;
    },
  };
}

function amount(title: string, { unit, factor }: { readonly unit: string; readonly factor: number }): FeatureForm {
  return {
    title,
    unit,
    toNatural: (value) => factor * value,
    phrase: (op, value) => `${title} ${beyond(op)} ${short(factor * value)} ${unit}`.trimEnd(),
  };
}

function flag(yes: string, no: string): FeatureForm {
  return {
    title: yes,
    unit: '',
    toNatural: (value) => value,
    phrase: (op) => (op === '>' ? yes : no),
    isFlag: true,
  };
}

function beyond(op: RuleCondition['op']): string {
  return op === '>' ? 'above' : 'at most';
}

/** Three digits, without zeros behind. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The number in the observation of a value compared with its healthy one; 0 where nothing healthy is known. */
export function relativeValue(value: number, healthy: number): number {
  if (healthy < VALUE_MIN || value === healthy) return 0;
  if (value < VALUE_MIN) return -1;
  return Math.max(-1, Math.min(1, log(value / healthy) / RELATIVE_SCALE));
}

/** Below this a value counts as none. */
const VALUE_MIN = 1e-6;
