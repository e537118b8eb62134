/** The clock of a machine is wrong, so that others reject what its replicas say. */

import { type FaultKind, faultKind } from './fault-kind.ts';

const MILD_SECONDS = 60;

export const nodeClockSkew: FaultKind = faultKind({
  name: 'node.clock-skew',
  target: 'node',
  meaning: 'the clock of a machine is off by more than others tolerate: all answers of its replicas are rejected',
  knownAs: { chaosMesh: ['TimeChaos'], gremlin: ['Time Travel'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 120, parameters: { skewSeconds: MILD_SECONDS } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { skewSeconds: 10 * MILD_SECONDS } },
  ],
  suits: ({ spec }) => spec.control.clockToleranceSeconds < MILD_SECONDS,
  legal: ({ cluster }, node) => cluster.state.nodes.silent[node] === 0,
  apply: ({ cluster, owner, target }, { skewSeconds }) => {
    cluster.effects.start({ kind: 'nodeClockSkew', target, value: skewSeconds, owner });
  },
});
