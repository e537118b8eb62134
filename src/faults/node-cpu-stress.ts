/** Something else on the machine takes its processor. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const nodeCpuStress: FaultKind = faultKind({
  name: 'node.cpu-stress',
  target: 'node',
  meaning: 'foreign processes compete for the cores of a machine',
  knownAs: { litmus: ['node-cpu-hog'], chaosBlade: ['cpu fullload'], gremlin: ['CPU'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 240, parameters: { stolenCoreShare: 1 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { stolenCoreShare: 4 } },
  ],
  legal: ({ cluster }, node) => cluster.effects.values.nodeDown[node] === 0,
  apply: ({ cluster, owner, target }, { stolenCoreShare }) => {
    const value = stolenCoreShare * cluster.spec.nodes[target]!.cores;
    cluster.effects.start({ kind: 'nodeCpuStolen', target, value, owner });
  },
});
