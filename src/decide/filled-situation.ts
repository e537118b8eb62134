/**
 * Fills what nobody knows with what situations of training looked like that agree with what is known: several times, so
 * that it shows how much hangs on it.
 */

import type { RandomStream } from '../base/index.ts';
import { CLUSTER_KIND, distancesTo, type FamiliarKind, type FamiliarSituations } from './familiar-situations.ts';
import type { KnownSituation } from './known-situation.ts';
import type { ClusterView, ComponentView } from './observation-encoder.ts';

/** A situation without gaps. */
export interface FilledSituation {
  readonly views: readonly ComponentView[];
  readonly cluster: ClusterView;
}

/** Rows at this distance from what is known count about a third of those that agree with it. */
const DISTANCE_SCALE = 0.7;

/** Whether there is anything to fill. */
export function hasGaps({ unknown, cluster }: KnownSituation, clusterFeatures: readonly string[]): boolean {
  const gaps = unknown.some(({ signals, changes }) => signals.length + changes.length > 0);
  return gaps || clusterFeatures.some((name) => cluster[name] === undefined);
}

/** One way to fill the gaps. */
export function fillSituation(
  situation: KnownSituation,
  familiar: FamiliarSituations,
  options: {
    readonly kindOf: (component: number) => string;
    readonly clusterFeatures: readonly string[];
    readonly stream: RandomStream;
  },
): FilledSituation {
  const { kindOf, clusterFeatures, stream } = options;
  const views = situation.views.map((view, component) => {
    const { signals, changes } = situation.unknown[component] ?? { signals: [], changes: [] };
    const kind = familiar.kinds[kindOf(component)];
    if (signals.length + changes.length === 0 || kind === undefined) return view;
    return fillView(view, { signals, changes, row: drawRow(kind, (feature) => knownFeature(view, feature), stream) });
  });
  const missing = clusterFeatures.filter((name) => situation.cluster[name] === undefined);
  const kind = familiar.kinds[CLUSTER_KIND];
  if (missing.length === 0 || kind === undefined) return { views, cluster: situation.cluster };
  const row = drawRow(kind, (feature) => situation.cluster[feature], stream);
  return { views, cluster: { ...Object.fromEntries(missing.map((name) => [name, row(name)])), ...situation.cluster } };
}

/** A feature of a view by name, where it is a signal or a change that is known. */
export function knownFeature({ signals, changes }: ComponentView, feature: string): number | undefined {
  if (feature.startsWith('signal.')) return signals.get(feature.slice('signal.'.length));
  return feature.startsWith('change.') ? changes.get(feature.slice('change.'.length)) : undefined;
}

/** Values of a drawn row by feature; 0 for those that never varied. */
type DrawnRow = (feature: string) => number;

function drawRow(kind: FamiliarKind, known: (feature: string) => number | undefined, stream: RandomStream): DrawnRow {
  const distances = distancesTo(kind, known);
  const nearest = Math.min(...distances);
  // Relative to the nearest, so that something no row is close to still has rows that agree with it best.
  const weights = distances.map((distance, row) => {
    const off = (distance - nearest) / DISTANCE_SCALE;
    return (kind.weights[row] ?? 0) / (1 + off * off * off * off);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = stream.uniform() * total;
  let row = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  if (row < 0) row = distances.indexOf(nearest);
  const values = kind.rows[row] ?? [];
  return (feature) => values[kind.features.indexOf(feature)] ?? 0;
}

function fillView(
  view: ComponentView,
  {
    signals,
    changes,
    row,
  }: { readonly signals: readonly string[]; readonly changes: readonly string[]; readonly row: DrawnRow },
): ComponentView {
  const untold = view.signals.size === 0;
  return {
    ...view,
    signals: new Map([...view.signals, ...signals.map((name) => [name, row(`signal.${name}`)] as const)]),
    changes: new Map([...view.changes, ...changes.map((name) => [name, row(`change.${name}`)] as const)]),
    ageSeconds: untold ? 60 * row('signalAge') : view.ageSeconds,
    missing: untold ? row('missing') > 0.5 : view.missing,
  };
}
