/** Readiness and liveness probes, run by each replica's own machine at fixed periods. */

import { type ClusterCore, scheduleAfter } from '../core.ts';
import { ClusterEvent } from '../events.ts';
import { Phase } from '../state.ts';
import { crashReplica, setReady } from './lifecycle.ts';

/** Names of the random streams probes draw from, one per replica slot. */
export function probeStreamName(replica: number): string {
  return `replica/${replica}/probe`;
}

/** Starts the probes of every running replica at random points of their periods. */
export function startProbes(core: ClusterCore): void {
  const { spec, topology, state, streams } = core;
  for (let replica = 0; replica < topology.replicas; replica += 1) {
    if (state.replicas.phase[replica] !== Phase.running) continue;
    const service = spec.services[topology.replicaService[replica]!]!;
    const b = state.replicas.generation[replica]!;
    const readiness = streams.uniform(replica) * service.readiness.periodSeconds;
    const liveness = streams.uniform(replica) * service.liveness.periodSeconds;
    scheduleAfter(core, { afterSeconds: readiness, kind: ClusterEvent.readinessProbe, a: replica, b });
    scheduleAfter(core, { afterSeconds: liveness, kind: ClusterEvent.livenessProbe, a: replica, b });
  }
}

/** One readiness probe: consecutive results move the replica out of and into load balancing. */
export function readinessProbe(core: ClusterCore, replica: number): void {
  const { replicas, nodes } = core.state;
  const { readiness } = core.spec.services[core.topology.replicaService[replica]!]!;
  scheduleProbe(core, ClusterEvent.readinessProbe, replica, readiness.periodSeconds);
  if (probePasses(core, replica, readiness.timeoutSeconds)) {
    replicas.readinessFailures[replica] = 0;
    replicas.readinessSuccesses[replica]! += 1;
  } else {
    replicas.readinessSuccesses[replica] = 0;
    replicas.readinessFailures[replica]! += 1;
  }
  // A silent machine cannot report: the control plane keeps what it last heard.
  if (nodes.silent[replicas.node[replica]!] === 1) return;
  if (replicas.readinessFailures[replica]! >= readiness.failureThreshold) setReady(core, replica, 0);
  else if (replicas.readinessSuccesses[replica]! >= readiness.successThreshold) setReady(core, replica, 1);
}

/** One liveness probe: enough consecutive failures kill the process. */
export function livenessProbe(core: ClusterCore, replica: number): void {
  const { replicas } = core.state;
  const { liveness } = core.spec.services[core.topology.replicaService[replica]!]!;
  if (probePasses(core, replica, liveness.timeoutSeconds)) {
    replicas.livenessFailures[replica] = 0;
  } else {
    replicas.livenessFailures[replica]! += 1;
    if (replicas.livenessFailures[replica]! >= liveness.failureThreshold) {
      crashReplica(core, replica);
      return;
    }
  }
  scheduleProbe(core, ClusterEvent.livenessProbe, replica, liveness.periodSeconds);
}

function probePasses(core: ClusterCore, replica: number, timeoutSeconds: number): boolean {
  if (core.effects.values.replicaHung[replica]! > 0) return false;
  // Always one draw, so that load does not shift later draws of the stream.
  const draw = core.streams.uniform(replica);
  return draw >= core.traffic.probeTimeoutProbability(replica, timeoutSeconds);
}

function scheduleProbe(core: ClusterCore, kind: number, replica: number, afterSeconds: number): void {
  scheduleAfter(core, { afterSeconds, kind, a: replica, b: core.state.replicas.generation[replica]! });
}
