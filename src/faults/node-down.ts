/** A machine goes off with everything on it. */

import { type FaultKind, faultKind } from './fault-kind.ts';

export const nodeDown: FaultKind = faultKind({
  name: 'node.down',
  target: 'node',
  meaning: 'a machine is off; only where the others have room for its replicas',
  knownAs: {
    chaosMesh: ['AWSChaos ec2-stop', 'GCPChaos node-stop'],
    litmus: ['node-restart'],
    awsFis: ['aws:ec2:stop-instances'],
    gremlin: ['Shutdown'],
  },
  severities: [
    { name: 'mild', cost: 2, durationSeconds: 180, parameters: {} },
    { name: 'severe', cost: 3, durationSeconds: 600, parameters: {} },
  ],
  legal: ({ cluster, room }, node) => cluster.state.nodes.silent[node] === 0 && room.canBeEmptied(node),
  apply: ({ cluster, owner, target }) => {
    cluster.effects.start({ kind: 'nodeDown', target, value: 1, owner });
  },
});
