/**
 * Calm services: their endpoints do the same, and every edge to them is plain, so one endpoint can stand for all until
 * something changes. This is where the speed on a healthy cluster comes from; results are the same to rounding.
 */

import type { FlowParts } from './parts.ts';
import { REPLICA_WIDTH, Replica, SERVICE_WIDTH, Service } from './rows.ts';

/** What a replica has in common with those that fared like it. */
const commonFields: readonly number[] = [
  Replica.arrivals,
  Replica.inSystem,
  Replica.busy,
  Replica.stepTotal,
  Replica.stepGain,
  Replica.waitSeconds,
  Replica.waitVariance,
  Replica.refusedRatio,
  Replica.started,
  Replica.completed,
  Replica.logLoad,
];

/** Brings the rows of all endpoints of a service up to date, and has them computed one by one from here on. */
export function leaveCalm(parts: FlowParts, service: number): void {
  const { context } = parts;
  const replicas = parts.replicas;
  const services = parts.services;
  const at = service * SERVICE_WIDTH;
  if (services[at + Service.calm] === 0) return;
  services[at + Service.calm] = 0;
  const from = services[at + Service.representative]!;
  for (let to = context.topology.replicaStart[service]!; to < services[at + Service.slotEnd]!; to += 1) {
    if (replicas[to * REPLICA_WIDTH + Replica.endpoint] === 0) continue;
    copyReplica(replicas, from, to);
    replicas[to * REPLICA_WIDTH + Replica.arrivals]! += services[at + Service.arrivals]!;
  }
  services[at + Service.arrivals] = 0;
}

/** The same for all services. */
export function leaveCalmAll(parts: FlowParts): void {
  for (let service = 0; service < parts.context.topology.services; service += 1) leaveCalm(parts, service);
}

/** Gives one replica the queue of another that fared like it. */
export function copyReplica(replicas: Float64Array, from: number, to: number): void {
  if (from === to) return;
  for (const field of commonFields) replicas[to * REPLICA_WIDTH + field] = replicas[from * REPLICA_WIDTH + field]!;
}

/** The replica whose row is up to date for this one. */
export function upToDate(parts: FlowParts, replica: number): number {
  const services = parts.services;
  const at = parts.context.topology.replicaService[replica]! * SERVICE_WIDTH;
  const isEndpoint = parts.replicas[replica * REPLICA_WIDTH + Replica.endpoint] === 1;
  return isEndpoint && services[at + Service.calm] === 1 ? services[at + Service.representative]! : replica;
}
