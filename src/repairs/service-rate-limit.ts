/** Calls to a service are limited to somewhat more than their usual rate, so that retries cannot drown it. */

import { usualRates } from '../cluster/index.ts';
import type { RepairKind } from './repair-kind.ts';

const LIMIT_SHARE = 1.2;
/** Delivered share of retries, and load of the workers, from which there may be too many calls. */
const RETRY_RATIO_MIN = 0.1;
const SATURATION_MIN = 0.9;

export const serviceRateLimit: RepairKind = {
  name: 'service.rate-limit',
  target: 'service',
  meaning: 'refuse calls of other services above 1.2 times their usual rate, for a while; users are not counted',
  needs: 'nothing',
  cost: 1,
  durationSeconds: 2,
  failureRatio: 0.02,
  holdSeconds: 180,
  offer: {
    always: ['called'],
    oneOf: [
      { signal: 'retryRatio', atLeast: RETRY_RATIO_MIN },
      { signal: 'saturation', atLeast: SATURATION_MIN },
    ],
  },
  precondition: () => true,
  advance: ({ cluster, target: service, owner, step }) => {
    if (step === 0) return 2;
    const { spec, topology } = cluster;
    const rates = usualRates(spec, topology);
    const { starts, items } = topology.callsIn;
    for (let at = starts[service]!; at < starts[service + 1]!; at += 1) {
      const target = items[at]!;
      const { caller, perRequest } = spec.calls[target]!;
      cluster.effects.start({ kind: 'callQuota', target, value: LIMIT_SHARE * rates[caller]! * perRequest, owner });
    }
    return 'succeeded';
  },
};
