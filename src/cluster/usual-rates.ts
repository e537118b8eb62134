/** How many requests a second each service gets while all users are there, nothing fails and nothing is cached. */

import type { ClusterSpec } from './spec.ts';
import type { ClusterTopology } from './topology.ts';

/** Requests a second, by service. */
export function usualRates(
  { services, workloads, calls }: ClusterSpec,
  { callerFirst, callsOut }: ClusterTopology,
): Float64Array {
  const rates = new Float64Array(services.length);
  for (const { service, requestsPerSecond } of workloads) rates[service]! += requestsPerSecond;
  for (const service of callerFirst) {
    for (let at = callsOut.starts[service]!; at < callsOut.starts[service + 1]!; at += 1) {
      const { callee, perRequest } = calls[callsOut.items[at]!]!;
      rates[callee]! += rates[service]! * perRequest;
    }
  }
  return rates;
}
