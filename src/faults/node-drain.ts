/** A machine is closed and emptied, as for maintenance that nobody announced. */

import { type FaultContext, type FaultKind, faultKind } from './fault-kind.ts';

export const nodeDrain: FaultKind = faultKind({
  name: 'node.drain',
  target: 'node',
  meaning: 'a machine takes no new replicas and its own are started elsewhere; only where the others have room',
  knownAs: { litmus: ['node-drain', 'node-taint'] },
  severities: [
    { name: 'mild', cost: 1, durationSeconds: 180, parameters: { evictionSeconds: 20 } },
    { name: 'severe', cost: 2, durationSeconds: 480, parameters: { evictionSeconds: 0 } },
  ],
  legal: ({ cluster, room }, node) =>
    cluster.state.nodes.silent[node] === 0 &&
    cluster.effects.values.nodeCordoned[node] === 0 &&
    room.canBeEmptied(node),
  apply: (context, { evictionSeconds }) => {
    const { cluster, owner, target } = context;
    cluster.effects.start({ kind: 'nodeCordoned', target, value: 1, owner });
    evict(context, evictionSeconds === 0 ? Infinity : 1);
  },
  firstPulseSeconds: ({ evictionSeconds }) => (evictionSeconds === 0 ? null : evictionSeconds),
  pulse: (context, { evictionSeconds }) => (evict(context, 1) > 0 ? evictionSeconds : null),
});

/** Starts up to `countMax` replicas elsewhere, those in the first slots first; returns how many. */
function evict({ cluster, target: node }: FaultContext, countMax: number): number {
  const replicas: number[] = [];
  cluster.forReplicasOn(node, (replica) => {
    replicas.push(replica);
  });
  let moved = 0;
  for (const replica of replicas) {
    if (moved < countMax && cluster.moveReplica(replica, { avoidNode: node })) moved += 1;
  }
  return moved;
}
