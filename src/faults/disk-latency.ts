/** A device that answers every operation late. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const diskLatency: FaultKind = faultKind({
  name: 'disk.latency',
  target: 'disk',
  meaning: 'every disk operation takes so much longer; only where another replica has the data',
  knownAs: { chaosMesh: ['IOChaos latency', 'BlockChaos delay'], awsFis: ['aws:ebs:volume-io-latency'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { delaySeconds: 0.02 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { delaySeconds: 0.5 } },
  ],
  legal: ({ cluster }, disk) => cluster.completeSource(disk) >= 0,
  apply: ({ cluster, owner, target }, { delaySeconds }) => {
    cluster.effects.start({ kind: 'diskDelay', target, value: delaySeconds, owner });
  },
});
