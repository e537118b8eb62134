/** Facts about who calls whom that do not change while a cluster runs. */

import type { CallSpec } from '../cluster/index.ts';
import type { ClusterPlan } from './fault-kind.ts';

/** Whether any service calls this one. */
export function isCalled({ topology: { callsIn } }: ClusterPlan, service: number): boolean {
  return callsIn.starts[service + 1]! > callsIn.starts[service]!;
}

/** Whether users come in at a service. */
export function isEntry({ spec }: ClusterPlan, service: number): boolean {
  return spec.workloads.some((workload) => workload.service === service);
}

/**
 * Calls that a service makes to `peer` (-1 = to any), at most `callsMax`: those without which it cannot answer first,
 * then in their order.
 */
export function callsOf(
  { spec, topology: { callsOut } }: ClusterPlan,
  service: number,
  { peer, callsMax }: { readonly peer: number; readonly callsMax: number },
): number[] {
  const own = [...callsOut.items.subarray(callsOut.starts[service]!, callsOut.starts[service + 1]!)];
  const chosen = own.filter((call) => peer < 0 || spec.calls[call]!.callee === peer);
  const needed = chosen.filter((call) => spec.calls[call]!.required);
  const optional = chosen.filter((call) => !spec.calls[call]!.required);
  return [...needed, ...optional].slice(0, callsMax);
}

/** Whether any call that a service makes or takes is of a sort. */
export function hasCall(
  { spec, topology: { callsOut, callsIn } }: ClusterPlan,
  service: number,
  isWanted: (call: CallSpec) => boolean,
): boolean {
  for (const { starts, items } of [callsOut, callsIn]) {
    for (let at = starts[service]!; at < starts[service + 1]!; at += 1)
      if (isWanted(spec.calls[items[at]!]!)) return true;
  }
  return false;
}

/** Services where users come in whose requests reach a service. */
export function entriesAbove({ spec, topology }: ClusterPlan, service: number): number[] {
  const { starts, items } = topology.callsIn;
  const leads = new Set([service]);
  for (const reached of leads) {
    for (let at = starts[reached]!; at < starts[reached + 1]!; at += 1) leads.add(spec.calls[items[at]!]!.caller);
  }
  return [...new Set(spec.workloads.map((workload) => workload.service))].filter((entry) => leads.has(entry));
}
