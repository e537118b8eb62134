/** Callers are given the addresses of a service, so that they need not ask for its name. */

import type { Cluster } from '../cluster/index.ts';
import type { RepairKind } from './repair-kind.ts';

const PIN_SECONDS = 10;
/** Delivered error share from which callers may not find the service. */
const ERROR_RATIO_MIN = 0.02;

export const servicePinAddress: RepairKind = {
  name: 'service.pin-address',
  target: 'service',
  meaning: 'write the addresses of the replicas into the callers, so that they do without the name service',
  needs: 'a name that does not lead callers to the service',
  cost: 1,
  durationSeconds: PIN_SECONDS,
  failureRatio: 0.05,
  holdSeconds: 0,
  offer: { always: ['called'], oneOf: [{ signal: 'errorRatio', atLeast: ERROR_RATIO_MIN }] },
  precondition: isLost,
  advance: ({ cluster, target, step }) => {
    if (step === 0) return PIN_SECONDS;
    if (!isLost(cluster, target)) return 'failed';
    cluster.effects.endKind('serviceUnresolved', target);
    cluster.effects.endKind('serviceMisdirected', target);
    return 'succeeded';
  },
};

function isLost({ effects }: Cluster, service: number): boolean {
  return effects.values.serviceUnresolved[service]! > 0 || effects.values.serviceMisdirected[service]! > 0;
}
