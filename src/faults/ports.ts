/** A replica's ends of the calls it makes and takes, on which faults between two services act. */

import type { EffectKind } from '../cluster/index.ts';
import type { ClusterPlan, FaultContext } from './fault-kind.ts';

/** Calls `visit` for each of a replica's ends of calls with `peer`; -1 = with all others, users included. */
export function forPorts(
  { spec, topology }: ClusterPlan,
  { replica, peer }: { readonly replica: number; readonly peer: number },
  visit: (port: number, isCaller: boolean) => void,
): void {
  const service = topology.replicaService[replica]!;
  const slot = replica - topology.replicaStart[service]!;
  for (const call of callsOfEither(topology, service)) {
    const { caller, callee } = spec.calls[call]!;
    if (caller === service && (peer < 0 || callee === peer)) visit(topology.callerPortStart[call]! + slot, true);
    if (callee === service && (peer < 0 || caller === peer)) visit(topology.calleePortStart[call]! + slot, false);
  }
  if (peer >= 0) return;
  spec.workloads.forEach((workload, index) => {
    if (workload.service === service) visit(topology.calleePortStart[spec.calls.length + index]! + slot, false);
  });
}

/** Whether a service calls anybody, is called, or is where users come in. */
export function talks({ spec, topology }: ClusterPlan, service: number): boolean {
  const calls = callsOfEither(topology, service);
  return calls.length > 0 || spec.workloads.some((workload) => workload.service === service);
}

/** The calls that a service makes or takes, in order. */
function callsOfEither({ callsOut, callsIn }: ClusterPlan['topology'], service: number): number[] {
  const rows = [callsOut, callsIn].flatMap(({ starts, items }) => [
    ...items.subarray(starts[service]!, starts[service + 1]!),
  ]);
  return rows.sort((a, b) => a - b);
}

/**
 * Starts effects on packets: `to` are those that the replica sends, requests of its own calls and answers to others',
 * `from` those that it gets.
 */
export function startPacketLoss(context: FaultContext, replica: number, lossRatio: number): void {
  const { cluster, peer, direction, owner } = context;
  forPorts(cluster, { replica, peer }, (target, isCaller) => {
    const [sent, got]: [EffectKind, EffectKind] = isCaller
      ? ['portRequestLoss', 'portResponseLoss']
      : ['portResponseLoss', 'portRequestLoss'];
    if (direction !== 'from') cluster.effects.start({ kind: sent, target, value: lossRatio, owner });
    if (direction !== 'to') cluster.effects.start({ kind: got, target, value: lossRatio, owner });
  });
}

/** Starts an effect on calls: `to` are those that the replica makes, `from` those that it takes. */
export function startOnCalls(
  context: FaultContext,
  effect: { kind: EffectKind; replica: number; value: number },
): void {
  const { cluster, peer, direction, owner } = context;
  const { kind, replica, value } = effect;
  forPorts(cluster, { replica, peer }, (target, isCaller) => {
    if (direction === (isCaller ? 'from' : 'to')) return;
    cluster.effects.start({ kind, target, value, owner });
  });
}
