/** What is known at one moment about every component of a topology, on the scales of the observation, and what is not. */

import { parseInstant } from '../base/index.ts';
import type { BoundAlert } from './alert-document.ts';
import { isRelative, relativeValue } from './feature-forms.ts';
import type { ComponentView, RepairMemory } from './observation-encoder.ts';
import type { ModelSpec } from './order-model-card.ts';
import type { ComponentSignals, RepairRecord, SignalsDocument, UserSignals } from './signals-document.ts';
import type { ComponentFacts, TopologyMap } from './topology-document.ts';

/** A situation with its gaps. */
export interface KnownSituation {
  /** By component; signals that nobody knows are absent. */
  readonly views: readonly ComponentView[];
  /** By component, the signals and the changes its kind has and nobody knows. */
  readonly unknown: readonly { readonly signals: readonly string[]; readonly changes: readonly string[] }[];
  /** Cluster features that are known. */
  readonly cluster: Readonly<Record<string, number>>;
  /** Over all components: signals there should be, and those of which a sample is known that is not too old. */
  readonly signalsExpected: number;
  readonly signalsKnown: number;
  /** Components of which such a sample is there. */
  readonly componentsSeen: number;
  /** Seconds since the freshest sample was taken; undefined = there is none. */
  readonly ageSeconds: number | undefined;
}

export interface SituationSources {
  readonly map: TopologyMap;
  readonly spec: ModelSpec;
  readonly document: SignalsDocument | undefined;
  readonly alerts: readonly BoundAlert[];
  /** Moment of the decision, in milliseconds since 1970. */
  readonly nowMillis: number;
  /** Older samples count as missing. */
  readonly ageSecondsMax: number;
}

/** In-progress repairs that count as full. */
const REPAIRS_FULL = 4;

/** Puts together what document and alerts tell; where both speak of a signal, the document counts. */
export function gatherSituation(sources: SituationSources): KnownSituation {
  const { map, spec, document, ageSecondsMax } = sources;
  const views = map.topology.components.map((_, id) => viewOf(id, sources));
  const changing = new Set(
    spec.observation.componentFeatures.flatMap(({ name }) => (name.startsWith('change.') ? [name.slice(7)] : [])),
  );
  const expected = map.facts.map((facts) => signalsThatExist(facts, spec));
  const unknown = views.map((view, id) => {
    const signals = expected[id] ?? [];
    return {
      signals: signals.filter((name) => !view.signals.has(name)),
      changes: signals.filter((name) => changing.has(name) && !view.changes.has(name)),
    };
  });
  // Where only the last scrapes brought nothing, as in training now and then, the samples before still count.
  const isFresh = ({ signals, ageSeconds }: ComponentView) => signals.size > 0 && ageSeconds <= ageSecondsMax;
  const fresh = expected.map((names, id) => {
    const view = views[id];
    return view !== undefined && isFresh(view) ? names.filter((name) => view.signals.has(name)).length : 0;
  });
  const ages = views.filter(({ signals }) => signals.size > 0).map(({ ageSeconds }) => ageSeconds);
  return {
    views,
    unknown,
    cluster: clusterOf(sources, views),
    signalsExpected: expected.reduce((sum, names) => sum + names.length, 0),
    signalsKnown: fresh.reduce((sum, known) => sum + known, 0),
    componentsSeen: views.filter(isFresh).length,
    ageSeconds: document === undefined || ages.length === 0 ? undefined : Math.min(...ages),
  };
}

/** The signals a component can have. In training those it cannot have were 0, as they are where nobody tells them. */
function signalsThatExist({ kind, stateful, replicas }: ComponentFacts, { signalsOf }: ModelSpec): readonly string[] {
  const hasFollowers = stateful && replicas > 1;
  return (signalsOf[kind] ?? []).filter((name) => name !== 'replicationLag' || hasFollowers);
}

function viewOf(
  id: number,
  { map, spec, document, alerts, nowMillis, ageSecondsMax }: SituationSources,
): ComponentView {
  const name = map.topology.components[id]?.name ?? '';
  const facts = map.facts[id];
  const told = document?.components[name];
  const alarms = alerts.filter(({ component }) => component === id).map(({ signals }) => signals);
  const values: Readonly<Record<string, number>> = Object.assign({}, ...alarms, told?.signals);
  const scale = scaler(spec, facts?.kind ?? '', { ...facts?.healthy, ...told?.healthy });
  const signals = scale(values);
  const before = scale(told?.before ?? {});
  const changes = new Map<string, number>();
  for (const [signal, value] of before) {
    const now = signals.get(signal);
    if (now !== undefined) changes.set(signal, Math.fround(now) - Math.fround(value));
  }
  const sampledMillis = parseInstant(told?.at ?? document?.at);
  const ageSeconds = sampledMillis === undefined ? 0 : Math.max(0, (nowMillis - sampledMillis) / 1000);
  const missing = told?.missing === true || ageSeconds > ageSecondsMax;
  return { signals, changes, ageSeconds, missing, repair: memoryOf(told, nowMillis) };
}

/** Puts natural values of a kind's signals on the scales of the observation; what cannot be scaled is left out. */
function scaler(spec: ModelSpec, kind: string, healthy: Readonly<Record<string, number>>) {
  const features = new Map(spec.observation.componentFeatures.map((feature) => [feature.name, feature]));
  return (values: Readonly<Record<string, number>>): Map<string, number> => {
    const scaled = new Map<string, number>();
    for (const name of spec.signalsOf[kind] ?? []) {
      const value = values[name];
      const feature = features.get(`signal.${name}`);
      if (value === undefined || feature === undefined) continue;
      if (!isRelative(feature)) scaled.set(name, Math.min(1, value));
      else if (healthy[name] !== undefined) scaled.set(name, relativeValue(value, healthy[name]));
    }
    return scaled;
  };
}

function memoryOf(told: ComponentSignals | undefined, nowMillis: number): RepairMemory | undefined {
  const [last, ...earlier] = [...(told?.repairs ?? [])].sort((a, b) => startOf(b) - startOf(a));
  if (last === undefined) return undefined;
  const secondsSince = (millis: number | undefined): number | undefined =>
    millis === undefined ? undefined : Math.max(0, (nowMillis - millis) / 1000);
  const startedSecondsAgo = new Map<string, number>();
  for (const record of [last, ...earlier]) {
    if (!startedSecondsAgo.has(record.verb)) startedSecondsAgo.set(record.verb, secondsSince(startOf(record)) ?? 0);
  }
  const { inProgress, endedAt, outcome } = last;
  return { inProgress, endedSecondsAgo: secondsSince(parseInstant(endedAt)), outcome, startedSecondsAgo };
}

function startOf({ startedAt }: RepairRecord): number {
  return parseInstant(startedAt) ?? Number.NEGATIVE_INFINITY;
}

/** How users fare, the worst of them; unknown where no document tells. */
function clusterOf({ map, document }: SituationSources, views: readonly ComponentView[]): Record<string, number> {
  const missing = views.filter((view) => view.missing).length / views.length;
  const running = views.filter(({ repair }) => repair?.inProgress).length;
  const shared = {
    'repairs.spent': document?.repairs.budgetSpent ?? 0,
    'repairs.inProgress': Math.min(1, running / REPAIRS_FULL),
    missing,
  };
  const users = document?.users ?? [];
  if (users.length === 0) return shared;
  const objectiveOf = (user: UserSignals) => user.objective ?? map.document.objective;
  const deficit = Math.max(0, ...users.map((user) => objectiveOf(user).successRatio - user.successRatio));
  const slowness = Math.max(0, ...users.map((user) => user.latencyP99 / objectiveOf(user).latencyP99));
  return {
    ...shared,
    'door.successDeficit': Math.min(1, 10 * deficit),
    'door.latency': Math.min(2, slowness) - 1,
    'door.shed': Math.max(0, ...users.map(({ shedRatio }) => shedRatio)),
  };
}
