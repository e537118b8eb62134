/** What effects and the control plane make of components, worked out anew only when one of them has changed something. */

import {
  answerOf,
  cpuLimitCores,
  cpuStolenCores,
  diskForeignShare,
  diskOperationSeconds,
  errorRatio,
  linkBufferBytes,
  linkForeignBytes,
  linkLossRatio,
  linkRate,
  linkSecondsPerByte,
  Phase,
  spreadSeconds,
  spreadVariance,
  Way,
} from '../../cluster/index.ts';
import type { FlowParts } from './parts.ts';
import {
  Answer,
  EDGE_WIDTH,
  Edge,
  REPLICA_WIDTH,
  Replica,
  SERVICE_FACTS,
  SERVICE_WIDTH,
  Service,
  ServiceFact,
} from './rows.ts';

/** Writes the conditions of all replicas, services, nodes, links, edges and disks. */
export function refreshConditions(parts: FlowParts): void {
  const { topology } = parts.context;
  const { clock, nodes } = parts.flow;
  clock.conditionsStale[0] = 0;
  clock.coresStolen[0] = 0;
  clock.networks[0]! += 1;
  nodes.limitMax.fill(0);
  nodes.stolenCores.set(parts.context.effects.values.nodeCpuStolen);
  for (let replica = 0; replica < topology.replicas; replica += 1) refreshReplica(parts, replica);
  for (let service = 0; service < topology.services; service += 1) refreshService(parts, service);
  for (let link = 0; link < topology.links; link += 1) refreshLink(parts, link);
  for (let edge = 0; edge < parts.plan.edges; edge += 1) refreshEdge(parts, edge);
  for (let disk = 0; disk < topology.disks; disk += 1) refreshDisk(parts, disk);
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
  const limit = cpuLimitCores(context, replica);
  const stolen = cpuStolenCores(context, replica);
  const answer = answerOf(context, replica);
  replicas[at + Replica.answer] = answer;
  replicas[at + Replica.endpoint] = context.routes.isEndpoint(replica) ? 1 : 0;
  replicas[at + Replica.slowFactor] = values.replicaSlow[replica]!;
  replicas[at + Replica.errorRatio] = errorRatio(context, replica);
  replicas[at + Replica.warmUntilMicros] = context.state.replicas.startedMicros[replica]! + warmUpMicros;
  replicas[at + Replica.limitCores] = limit;
  replicas[at + Replica.fixedSeconds] = fixedSeconds(parts, replica);
  replicas[at + Replica.special] = isSpecial(parts, replica) ? 1 : 0;
  replicas[at + Replica.cores] = limit;
  replicas[at + Replica.ownSeconds] = plan.serviceFacts[facts + ServiceFact.serviceSeconds]!;
  if (context.topology.replicaDisk[replica]! < 0) replicas[at + Replica.diskRateMax] = Number.POSITIVE_INFINITY;
  if (stolen > 0) flow.clock.coresStolen[0] = 1;
  if (stolen > 0 && node >= 0) flow.nodes.stolenCores[node]! += stolen;
  if (answer !== Answer.serves) clearRates(replicas, at);
  else if (node >= 0) limitMax[node] = Math.max(limitMax[node]!, limit);
}

/** What a proxy beside the process and delayed disk operations add to every request. */
function fixedSeconds({ context }: FlowParts, replica: number): number {
  const { topology, spec, effects } = context;
  const { replicaDelay, diskDelay } = effects.values;
  const disk = topology.replicaDisk[replica]!;
  if (disk < 0) return replicaDelay[replica]!;
  const { operationsPerRequest } = spec.services[topology.replicaService[replica]!]!.storage!;
  return replicaDelay[replica]! + operationsPerRequest * diskDelay[disk]!;
}

function isSpecial(parts: FlowParts, replica: number): boolean {
  const { plan, flow, context } = parts;
  const replicas = parts.replicas;
  const at = replica * REPLICA_WIDTH;
  const warm = replicas[at + Replica.warmUntilMicros]! <= flow.clock.ticks[0]! * plan.tickMicros;
  const plain = warm && replicas[at + Replica.slowFactor] === 1 && replicas[at + Replica.errorRatio] === 0;
  const { replicaDelay, replicaCpuStolen } = context.effects.values;
  return (
    !plain || context.topology.replicaDisk[replica]! >= 0 || replicaDelay[replica]! + replicaCpuStolen[replica]! > 0
  );
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
  const { links, clock } = flow;
  const { linkDelay, linkJitter, linkDuplicate } = context.effects.values;
  links.effectLossIn[link] = linkLossRatio(context, link, Way.in);
  links.effectLossOut[link] = linkLossRatio(context, link, Way.out);
  links.effectDelay[link] = spreadSeconds(linkDelay[link]!, linkJitter[link]!);
  links.variance[link] = spreadVariance(linkDelay[link]!, linkJitter[link]!);
  links.foreignBytes[link] = linkForeignBytes(context, link);
  links.rate[link] = linkRate(context, link);
  links.bufferBytes[link] = linkBufferBytes(context, link);
  links.copies[link] = 1 + linkDuplicate[link]!;
  const secondsPerByte = linkSecondsPerByte(context, link);
  if (secondsPerByte !== links.secondsPerByte[link]) clock.delaysStale[0] = 1;
  links.secondsPerByte[link] = secondsPerByte;
}

function refreshDisk({ flow, context }: FlowParts, disk: number): void {
  const device = diskOperationSeconds(context, disk);
  const foreign = diskForeignShare(context, disk);
  flow.disks.deviceSeconds[disk] = device;
  flow.disks.operationSeconds[disk] = device / (1 - foreign);
  flow.disks.foreignRate[disk] = foreign / device;
}

function refreshEdge(parts: FlowParts, edge: number): void {
  const { callerPortStart, calleePortStart } = parts.context.topology;
  const isCall = edge < parts.plan.calls;
  const touched =
    hasPortEffect(parts, calleePortStart[edge]!, calleePortStart[edge + 1]!) ||
    (isCall && hasPortEffect(parts, callerPortStart[edge]!, callerPortStart[edge + 1]!));
  const at = edge * EDGE_WIDTH + Edge.ported;
  if (parts.edges[at] === (touched ? 1 : 0)) return;
  parts.edges[at] = touched ? 1 : 0;
  parts.flow.clock.disturbedStale[0] = 1;
}

function hasPortEffect({ context }: FlowParts, first: number, end: number): boolean {
  const values = context.effects.values;
  const { portRequestLoss, portResponseLoss, portDelay, portJitter, portReset, portCut, portLinger } = values;
  for (let port = first; port < end; port += 1) {
    const network = portRequestLoss[port]! + portResponseLoss[port]! + portDelay[port]! + portJitter[port]!;
    if (network + portReset[port]! + portCut[port]! + portLinger[port]! > 0) return true;
  }
  return false;
}
