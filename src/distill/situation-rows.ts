/** Which features of a situation say how usual it is: what monitoring shows, not how the cluster is built or what was done. */

import type { RoleSpec } from '../contract/index.ts';
import { CLUSTER_KIND } from '../decide/index.ts';
import { signalsOf } from '../environment/index.ts';
import type { KindColumns } from './familiarity.ts';
import type { Samples } from './samples.ts';

/** Columns of the samples of each kind of component, and of the cluster's own. */
export function situationColumns(
  { observation }: RoleSpec,
  { samples, cluster }: { readonly samples: ReadonlyMap<string, Samples>; readonly cluster: Samples },
): KindColumns[] {
  const kinds = [...samples].map(([kind, rows]): KindColumns => {
    const own: readonly string[] = Object.entries(signalsOf).find(([name]) => name === kind)?.[1] ?? [];
    const isShown = (name: string): boolean => {
      const [, scope, signal = ''] = /^(signal|change)\.(.*)$/.exec(name) ?? [];
      return scope === undefined ? ['signalAge', 'missing'].includes(name) : own.includes(signal);
    };
    return { kind, samples: rows, columns: columnsOf(observation.componentFeatures, isShown) };
  });
  const isShown = (name: string): boolean => name.startsWith('door.') || name === 'missing';
  return [...kinds, { kind: CLUSTER_KIND, samples: cluster, columns: columnsOf(observation.clusterFeatures, isShown) }];
}

function columnsOf(features: readonly { readonly name: string }[], isShown: (name: string) => boolean) {
  return features.map(({ name }, column) => ({ name, column })).filter(({ name }) => isShown(name));
}
