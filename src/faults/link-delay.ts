/** A link takes longer. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const linkDelay: FaultKind = faultKind({
  name: 'link.delay',
  target: 'link',
  meaning: 'a link delays everything; only where the system can do without it',
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { delaySeconds: 0.03 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { delaySeconds: 0.3 } },
  ],
  legal: (situation, link) => situation.canBeAvoided(link),
  apply: ({ cluster, owner, target }, { delaySeconds }) => {
    cluster.effects.start({ kind: 'linkDelay', target, value: delaySeconds, owner });
  },
});
