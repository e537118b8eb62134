/**
 * Encodes what is known about a system as the observation the model was trained on, feature by feature by name. The
 * simulator's own encoder does the same from its state; a test holds the two against each other.
 */

import { DeeplOpsError } from '../base/index.ts';
import type { FeatureSpec, Observation } from '../contract/index.ts';
import { type ComponentScores, componentScores } from './component-scores.ts';
import type { TopologyMap } from './topology-document.ts';

/** One component as monitoring shows it, on the scales of the observation. */
export interface ComponentView {
  /** Signals by name; those a component of its kind has not are absent. */
  readonly signals: ReadonlyMap<string, number>;
  /** Changes since the sample before, by signal. */
  readonly changes: ReadonlyMap<string, number>;
  readonly ageSeconds: number;
  readonly missing: boolean;
  /** Own repairs here: how the last one went, and when which was started. */
  readonly repair: RepairMemory | undefined;
}

export interface RepairMemory {
  readonly inProgress: boolean;
  /** Undefined = it has not ended. */
  readonly endedSecondsAgo: number | undefined;
  readonly outcome: 'succeeded' | 'failed' | undefined;
  /** By verb, when it was started here last. */
  readonly startedSecondsAgo: ReadonlyMap<string, number>;
}

/** Numbers about the whole cluster by feature name. */
export type ClusterView = Readonly<Record<string, number>>;

const AGE_SECONDS_FULL = 60;
const RECENCY_SECONDS = 300;
const REPLICAS_FULL = 8;

/** Fills observations for one topology. */
export class ObservationEncoder {
  readonly #map: TopologyMap;
  readonly #componentFeatures: readonly ComponentFeature[];
  readonly #clusterFeatures: readonly string[];
  readonly #depths: readonly number[];

  /** SPEC_MISMATCH where the model wants a feature that cannot be told from documents. */
  constructor(
    spec: { readonly componentFeatures: readonly FeatureSpec[]; readonly clusterFeatures: readonly FeatureSpec[] },
    map: TopologyMap,
  ) {
    this.#map = map;
    this.#componentFeatures = spec.componentFeatures.map(({ name }) => featureOf(name));
    this.#clusterFeatures = spec.clusterFeatures.map(({ name }) => name);
    this.#depths = relativeDepths(map);
  }

  /** Components and cluster of an observation; SPEC_MISMATCH where the model wants a cluster feature that is not given. */
  encode(views: readonly ComponentView[], cluster: ClusterView): Pick<Observation, 'components' | 'cluster'> {
    const width = this.#componentFeatures.length;
    const scores = views.map((view, id) =>
      componentScores(this.#map.facts[id]?.kind ?? '', (name) => view.signals.get(name) ?? 0),
    );
    const components = new Float32Array(views.length * width);
    views.forEach((view, id) => {
      const context = { id, view, map: this.#map, depth: this.#depths[id] ?? 0, scores };
      this.#componentFeatures.forEach((feature, column) => {
        components[id * width + column] = feature(context);
      });
    });
    const values = this.#clusterFeatures.map((name) => {
      const value = cluster[name];
      if (value === undefined) throw unknownFeature(name);
      return value;
    });
    return { components, cluster: Float32Array.from(values) };
  }
}

interface FeatureContext {
  readonly id: number;
  readonly view: ComponentView;
  readonly map: TopologyMap;
  readonly depth: number;
  /** Of all components. */
  readonly scores: readonly ComponentScores[];
}

/** How to tell a feature of one component. */
type ComponentFeature = (context: FeatureContext) => number;

function featureOf(name: string): ComponentFeature {
  const plain = plainFeatures[name];
  if (plain !== undefined) return plain;
  const [, scope = '', rest = ''] = /^(\w+)\.(.+)$/.exec(name) ?? [];
  switch (scope) {
    case 'type':
      return ({ id, map }) => (map.facts[id]?.kind === rest ? 1 : 0);
    case 'signal':
      return ({ view }) => view.signals.get(rest) ?? 0;
    case 'change':
      return ({ view }) => view.changes.get(rest) ?? 0;
    case 'dependents':
    case 'dependencies':
      return poolFeature(scope, rest, name);
    case 'repair':
      if (!rest.startsWith('recent.')) throw unknownFeature(name);
      return ({ view }) => recency(view.repair?.startedSecondsAgo.get(rest.slice('recent.'.length)));
    default:
      throw unknownFeature(name);
  }
}

const plainFeatures: Readonly<Record<string, ComponentFeature>> = {
  stateful: ({ id, map }) => (map.facts[id]?.stateful ? 1 : 0),
  entry: ({ id, map }) => (map.facts[id]?.entry ? 1 : 0),
  depth: ({ depth }) => depth,
  replicas: ({ id, map }) => {
    const facts = map.facts[id];
    return facts?.kind === 'service' ? Math.min(1, facts.replicas / REPLICAS_FULL) : 0;
  },
  signalAge: ({ view }) => Math.min(1, view.ageSeconds / AGE_SECONDS_FULL),
  missing: ({ view }) => (view.missing ? 1 : 0),
  'repair.inProgress': ({ view }) => (view.repair?.inProgress ? 1 : 0),
  'repair.recency': ({ view: { repair } }) => (repair?.outcome === undefined ? 0 : recency(repair.endedSecondsAgo)),
  'repair.succeeded': ({ view }) => (view.repair?.outcome === 'succeeded' ? 1 : 0),
  'repair.failed': ({ view }) => (view.repair?.outcome === 'failed' ? 1 : 0),
};

/** 1 right then, falling to 0. */
function recency(secondsAgo: number | undefined): number {
  return secondsAgo === undefined ? 0 : Math.max(0, 1 - secondsAgo / RECENCY_SECONDS);
}

/** `mean.error`, `max.anomaly` ... over one side of the neighbours. */
function poolFeature(side: 'dependents' | 'dependencies', rest: string, name: string): ComponentFeature {
  const [pool = '', score = ''] = rest.split('.');
  if (!['mean', 'max'].includes(pool) || !isScore(score)) throw unknownFeature(name);
  return ({ id, map, scores }) => {
    const neighbours = map.topology[side][id] ?? [];
    const values = neighbours.map((neighbour) => Math.fround(scores[neighbour]?.[score] ?? 0));
    if (pool === 'max') return Math.max(0, ...values);
    return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  };
}

function isScore(name: string): name is keyof ComponentScores {
  return ['error', 'latency', 'saturation', 'anomaly'].includes(name);
}

/** Longest chain of calls that leads to each service, of the longest there is; 0 for other kinds. */
function relativeDepths({ topology, facts }: TopologyMap): number[] {
  const depths = facts.map(() => 0);
  const isService = (id: number): boolean => facts[id]?.kind === 'service';
  // Each round settles one more link of every chain; calls in a circle, which a chain cannot have, end with the rounds.
  for (let round = 0; round < facts.length; round += 1) {
    let grew = false;
    topology.dependencies.forEach((callees, caller) => {
      if (!isService(caller)) return;
      for (const callee of callees) {
        if (!isService(callee) || (depths[callee] ?? 0) > (depths[caller] ?? 0)) continue;
        depths[callee] = (depths[caller] ?? 0) + 1;
        grew = true;
      }
    });
    if (!grew) break;
  }
  const deepest = Math.max(1, ...depths);
  return depths.map((depth) => depth / deepest);
}

function unknownFeature(name: string): DeeplOpsError {
  return new DeeplOpsError('SPEC_MISMATCH', `the model wants a feature '${name}' that this version cannot tell`);
}
