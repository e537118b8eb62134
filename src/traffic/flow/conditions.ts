/** What effects and the control plane make of components, worked out anew only when one of them has changed something. */

import { Phase } from '../../cluster/index.ts';
import type { FlowParts } from './parts.ts';
import { Answer, REPLICA_WIDTH, Replica, SERVICE_FACTS, SERVICE_WIDTH, Service, ServiceFact } from './rows.ts';

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
  const { values } = context.effects;
  const { limitMax } = flow.nodes;
  const replicas = parts.replicas;
  const at = replica * REPLICA_WIDTH;
  const service = context.topology.replicaService[replica]!;
  const facts = service * SERVICE_FACTS;
  const node = context.state.replicas.node[replica]!;
  const warmUpMicros = context.spec.services[service]!.warmUpSeconds * 1e6;
  const limit = plan.serviceFacts[facts + ServiceFact.cpuLimitCores]!;
  const answer = answerOf(parts, replica);
  replicas[at + Replica.answer] = answer;
  replicas[at + Replica.endpoint] = context.routes.isEndpoint(replica) ? 1 : 0;
  replicas[at + Replica.slowFactor] = values.replicaSlow[replica]!;
  replicas[at + Replica.errorRatio] = values.replicaErrors[replica]!;
  replicas[at + Replica.warmUntilMicros] = context.state.replicas.startedMicros[replica]! + warmUpMicros;
  replicas[at + Replica.special] = isSpecial(parts, replica) ? 1 : 0;
  replicas[at + Replica.cores] = limit;
  replicas[at + Replica.ownSeconds] = plan.serviceFacts[facts + ServiceFact.serviceSeconds]!;
  if (context.topology.replicaDisk[replica]! < 0) replicas[at + Replica.diskRateMax] = Number.POSITIVE_INFINITY;
  if (answer !== Answer.serves) clearRates(replicas, at);
  else if (node >= 0) limitMax[node] = Math.max(limitMax[node]!, limit);
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

function isSpecial(parts: FlowParts, replica: number): boolean {
  const { plan, flow, context } = parts;
  const replicas = parts.replicas;
  const at = replica * REPLICA_WIDTH;
  const warm = replicas[at + Replica.warmUntilMicros]! <= flow.clock.ticks[0]! * plan.tickMicros;
  const plain = warm && replicas[at + Replica.slowFactor] === 1 && replicas[at + Replica.errorRatio] === 0;
  return !plain || context.topology.replicaDisk[replica]! >= 0;
}

function clearRates(replicas: Float64Array, at: number): void {
  replicas[at + Replica.capacity] = 0;
  replicas[at + Replica.stepTotal] = 0;
  replicas[at + Replica.stepGain] = 0;
  replicas[at + Replica.waitSeconds] = 0;
  replicas[at + Replica.waitVariance] = 0;
  replicas[at + Replica.refusedRatio] = 0;
  replicas[at + Replica.started] = 0;
  replicas[at + Replica.completed] = 0;
}

function refreshService(parts: FlowParts, service: number): void {
  const { context } = parts;
  const replicas = parts.replicas;
  const first = context.topology.replicaStart[service]!;
  let end = first;
  let endpoints = 0;
  for (let replica = first; replica < context.topology.replicaStart[service + 1]!; replica += 1) {
    endpoints += replicas[replica * REPLICA_WIDTH + Replica.endpoint]!;
    const holds = replicas[replica * REPLICA_WIDTH + Replica.inSystem]! > 0;
    if (holds || context.state.replicas.phase[replica] !== Phase.absent) end = replica + 1;
  }
  parts.services[service * SERVICE_WIDTH + Service.slotEnd] = end;
  parts.services[service * SERVICE_WIDTH + Service.endpoints] = endpoints;
}

function refreshLink({ flow, context }: FlowParts, link: number): void {
  const { links } = flow;
  const { linkBlocked, linkLoss, linkDelay, linkFlood, linkThrottle } = context.effects.values;
  links.effectLoss[link] = linkBlocked[link]! > 0 ? 1 : linkLoss[link]!;
  links.effectDelay[link] = linkDelay[link]!;
  links.foreignBytes[link] = Math.min(linkFlood[link]!, linkThrottle[link]!);
}
