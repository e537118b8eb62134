/** What effects and the control plane make of components, worked out anew only when one of them has changed something. */

import { Phase } from '../../cluster/index.ts';
import type { FlowParts } from './parts.ts';
import { Answer } from './state.ts';

/** Writes the conditions of all replicas, services, nodes and links. */
export function refreshConditions(parts: FlowParts): void {
  const { topology } = parts.context;
  const { clock, nodes } = parts.flow;
  clock.conditionsStale[0] = 0;
  nodes.limitMax.fill(0);
  for (let replica = 0; replica < topology.replicas; replica += 1) refreshReplica(parts, replica);
  for (let service = 0; service < topology.services; service += 1) refreshService(parts, service);
  for (let link = 0; link < topology.links; link += 1) refreshLink(parts, link);
}

function refreshReplica(parts: FlowParts, replica: number): void {
  const { plan, flow, context } = parts;
  const { replicas } = flow;
  const { values } = context.effects;
  const service = context.topology.replicaService[replica]!;
  const node = context.state.replicas.node[replica]!;
  const warmUpMicros = context.spec.services[service]!.warmUpSeconds * 1e6;
  const answer = answerOf(parts, replica);
  replicas.answer[replica] = answer;
  replicas.endpoint[replica] = context.routes.isEndpoint(replica) ? 1 : 0;
  replicas.slowFactor[replica] = values.replicaSlow[replica]!;
  replicas.errorRatio[replica] = values.replicaErrors[replica]!;
  replicas.warmUntilMicros[replica] = context.state.replicas.startedMicros[replica]! + warmUpMicros;
  replicas.special[replica] = isSpecial(parts, replica) ? 1 : 0;
  replicas.cores[replica] = plan.cpuLimitCores[service]!;
  replicas.ownSeconds[replica] = plan.serviceSeconds[service]!;
  if (context.topology.replicaDisk[replica]! < 0) replicas.diskRateMax[replica] = Number.POSITIVE_INFINITY;
  if (answer !== Answer.serves) clearRates(parts, replica);
  else if (node >= 0) flow.nodes.limitMax[node] = Math.max(flow.nodes.limitMax[node]!, plan.cpuLimitCores[service]!);
}

function answerOf(parts: FlowParts, replica: number): number {
  const { state, effects } = parts.context;
  const phase = state.replicas.phase[replica]!;
  const node = state.replicas.node[replica]!;
  if (phase === Phase.lost || (node >= 0 && effects.values.nodeDown[node]! > 0)) return Answer.silent;
  if (phase !== Phase.running) return Answer.refuses;
  const { replicaHung, replicaFrozen } = effects.values;
  return replicaHung[replica]! > 0 || replicaFrozen[replica]! > 0 ? Answer.hangs : Answer.serves;
}

function isSpecial({ plan, flow, context }: FlowParts, replica: number): boolean {
  const { slowFactor, errorRatio, warmUntilMicros } = flow.replicas;
  const warm = warmUntilMicros[replica]! <= flow.clock.ticks[0]! * plan.tickMicros;
  const plain = warm && slowFactor[replica] === 1 && errorRatio[replica] === 0;
  return !plain || context.topology.replicaDisk[replica]! >= 0;
}

function clearRates({ flow }: FlowParts, replica: number): void {
  const { replicas } = flow;
  replicas.capacity[replica] = 0;
  replicas.waitSeconds[replica] = 0;
  replicas.waitVariance[replica] = 0;
  replicas.refusedRatio[replica] = 0;
  replicas.started[replica] = 0;
  replicas.completed[replica] = 0;
}

function refreshService({ flow, context }: FlowParts, service: number): void {
  const { replicas, services } = flow;
  const first = context.topology.replicaStart[service]!;
  services.slotEnd[service] = first;
  services.endpoints[service] = 0;
  for (let replica = first; replica < context.topology.replicaStart[service + 1]!; replica += 1) {
    services.endpoints[service]! += replicas.endpoint[replica]!;
    const used = context.state.replicas.phase[replica] !== Phase.absent || replicas.inSystem[replica]! > 0;
    if (used) services.slotEnd[service] = replica + 1;
  }
}

function refreshLink({ flow, context }: FlowParts, link: number): void {
  const { links } = flow;
  const { linkBlocked, linkLoss, linkDelay, linkFlood, linkThrottle } = context.effects.values;
  links.effectLoss[link] = linkBlocked[link]! > 0 ? 1 : linkLoss[link]!;
  links.effectDelay[link] = linkDelay[link]!;
  links.foreignBytes[link] = Math.min(linkFlood[link]!, linkThrottle[link]!);
}
