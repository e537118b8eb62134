/** What an observation consists of, as data: names, units and order of all features. */

import { type SignalName, signalForms, signalNames } from '../cluster/index.ts';
import { type FeatureSpec, type ObservationSpec, observationSpec } from '../contract/index.ts';

/** Signals whose last change is a feature too. */
export const changingSignals: readonly SignalName[] = [
  'requestRate',
  'errorRatio',
  'latencyMean',
  'cpu',
  'memory',
  'saturation',
  'utilisation',
  'diskUsed',
];

/** Scores of neighbours that are pooled over dependents and dependencies. */
export const pooledScores = ['error', 'latency', 'saturation', 'anomaly'] as const;

const kinds = ['service', 'node', 'link', 'disk'] as const;

const staticFeatures: readonly FeatureSpec[] = [
  ...kinds.map((kind) => feature(`type.${kind}`, 'flag', `the component is a ${kind}`)),
  feature('stateful', 'flag', 'a service that keeps data'),
  feature('entry', 'flag', 'users reach this service'),
  feature('depth', 'ratio', 'longest chain of calls from the users, of the longest in the cluster'),
  feature('replicas', 'ratio', 'declared replicas, of 8'),
];

const signalFeatures: readonly FeatureSpec[] = [
  ...signalNames.map((name) => feature(`signal.${name}`, scaleOf(name), signalForms[name].meaning)),
  ...changingSignals.map((name) =>
    feature(`change.${name}`, scaleOf(name), `change of ${name} since the sample before`),
  ),
];

const poolFeatures: readonly FeatureSpec[] = ['dependents', 'dependencies'].flatMap((side) =>
  ['mean', 'max'].flatMap((pool) =>
    pooledScores.map((score) => feature(`${side}.${pool}.${score}`, 'ratio', `${pool} ${score} score of its ${side}`)),
  ),
);

const freshnessFeatures: readonly FeatureSpec[] = [
  feature('signalAge', 'ratio', 'age of the sample, of a minute'),
  feature('missing', 'flag', 'the last scrape brought nothing'),
];

/** What order remembers of its own doing: how the last repair here went, and how long ago it tried which. */
function repairFeatures(repairVerbs: readonly string[]): FeatureSpec[] {
  return [
    feature('repair.inProgress', 'flag', 'an own repair is in progress here'),
    feature('repair.recency', 'ratio', '1 right after the own last repair here ended, falling to 0 over 5 minutes'),
    feature('repair.succeeded', 'flag', 'the own last repair here ran to its end'),
    feature('repair.failed', 'flag', 'the own last repair here failed'),
    ...repairVerbs.map((verb) =>
      feature(`repair.recent.${verb}`, 'ratio', `1 when ${verb} was started here, falling to 0 over 5 minutes`),
    ),
  ];
}

const chaosComponentFeatures: readonly FeatureSpec[] = [
  feature('fault.active', 'ratio', 'own faults in force here, of 3'),
  feature('fault.cooldown', 'flag', 'the component is still in cooldown'),
];

const clusterFeatures: readonly FeatureSpec[] = [
  feature(
    'door.successDeficit',
    'ratio',
    'largest shortfall of a success ratio below its objective, times 10, at most 1',
  ),
  feature('door.latency', 'ratio - 1', 'largest p99 latency of a workload over its objective, at most 2'),
  feature('door.shed', 'ratio', 'largest share of users refused on purpose'),
  feature('repairs.spent', 'ratio', 'repair budget spent'),
  feature('repairs.inProgress', 'ratio', 'own repairs in progress, of 4'),
  feature('missing', 'ratio', 'share of components without a fresh sample'),
];

const chaosClusterFeatures: readonly FeatureSpec[] = [
  feature('clock', 'ratio', 'time since the contest began, of the contest phase'),
  feature('budget.left', 'ratio', 'fault budget left'),
  feature('faults.active', 'ratio', 'own faults in force, of the most allowed'),
];

const criticFeatures: readonly FeatureSpec[] = [
  feature('true.clock', 'ratio', 'time since the contest began, of the whole episode'),
  feature('true.recovery', 'flag', 'the recovery phase has begun'),
  feature('true.loss', 'ratio', 'objective loss in the last step'),
  feature('true.held', 'ratio', 'how long the objectives have held, of the hold time'),
  feature('true.faults', 'ratio', 'faults in force, of the most allowed'),
  feature('true.budget', 'ratio', 'fault budget left'),
  feature('true.availability', 'ratio', 'availability so far above the floor, of its room'),
];

/** Observation spec of the order agent; `repairVerbs` are the names of the repairs it can choose. */
export function orderObservationSpec(repairVerbs: readonly string[]): ObservationSpec {
  return observationSpec({ componentFeatures: sharedFeatures(repairVerbs), clusterFeatures, criticFeatures });
}

/** Observation spec of the chaos agent: all that order sees, and its own faults, budget and the clock. */
export function chaosObservationSpec(repairVerbs: readonly string[]): ObservationSpec {
  return observationSpec({
    componentFeatures: [...sharedFeatures(repairVerbs), ...chaosComponentFeatures],
    clusterFeatures: [...clusterFeatures, ...chaosClusterFeatures],
    criticFeatures,
  });
}

function sharedFeatures(repairVerbs: readonly string[]): FeatureSpec[] {
  return [...staticFeatures, ...signalFeatures, ...poolFeatures, ...freshnessFeatures, ...repairFeatures(repairVerbs)];
}

function feature(name: string, unit: string, meaning: string): FeatureSpec {
  return { name, unit, meaning };
}

function scaleOf(name: SignalName): string {
  return isRelative(name) ? 'ln ratio to the healthy value / 3' : `${signalForms[name].unit}, at most 1`;
}

/** Signals without a natural scale are compared with their healthy value on a logarithmic one. */
export function isRelative(name: SignalName): boolean {
  return ['requestRate', 'latencyMean', 'latencyP99', 'roundTrip', 'diskAwait'].includes(name);
}
