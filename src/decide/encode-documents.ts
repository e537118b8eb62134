/** Documents as the observation a policy would have been shown: for those who want the numbers rather than an answer. */

import type { Observation } from '../contract/index.ts';
import { readIncident } from './incident.ts';
import { gatherSituation } from './known-situation.ts';
import { legalChoices } from './legal-choices.ts';
import { ObservationEncoder } from './observation-encoder.ts';
import type { ModelSpec } from './order-model-card.ts';

/** Components, cluster and mask of complete documents; what they do not tell counts as 0. */
export function encodeDocuments(
  { signals, ...options }: { readonly topology?: unknown; readonly signals: unknown; readonly now: string },
  spec: ModelSpec,
): Pick<Observation, 'components' | 'cluster' | 'mask'> {
  const incident = readIncident(signals, options, { spec });
  const { views, cluster } = gatherSituation({ ...incident, spec, ageSecondsMax: Number.POSITIVE_INFINITY });
  const untold = Object.fromEntries(spec.observation.clusterFeatures.map(({ name }) => [name, 0]));
  const encoder = new ObservationEncoder(spec.observation, incident.map);
  return {
    ...encoder.encode(views, { ...untold, ...cluster }),
    mask: legalChoices(spec.action, incident.map, views),
  };
}
