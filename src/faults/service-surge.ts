/** More users than ever. */

import { isEntry } from './call-facts.ts';
import { type FaultKind, faultKind } from './fault-kind.ts';

export const serviceSurge: FaultKind = faultKind({
  name: 'service.surge',
  target: 'service',
  meaning: 'a multiple of the users comes in at the service',
  knownAs: { litmus: ['k6-loadgen'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 120, parameters: { loadFactor: 1.5 } },
    { name: 'severe', cost: 2, durationSeconds: 240, parameters: { loadFactor: 1.75 } },
  ],
  suits: isEntry,
  apply: ({ cluster, owner, target }, { loadFactor }) => {
    cluster.effects.start({ kind: 'serviceSurge', target, value: loadFactor, owner });
  },
});
