/** Life of a replica: started, crashed with back-off, restarted, moved, lost with its machine. */

import { type ClusterCore, scheduleAfter, touchRoutes } from '../core.ts';
import { ClusterEvent } from '../events.ts';
import { Phase } from '../state.ts';
import { assignNode, chooseNode } from './scheduling.ts';

/** A crashing process dies this long after its start. */
const CRASH_AFTER_SECONDS = 3;
/** Orchestrators look at their processes about once a second: no dead one is started again sooner. */
const BACKOFF_SECONDS_MIN = 1;

/** Puts every declared replica on its node, running, ready and warm. */
export function placeReplicas(core: ClusterCore): void {
  const { spec, topology, state } = core;
  spec.services.forEach((service, index) => {
    state.services.desired[index] = service.replicas;
    for (let slot = 0; slot < service.replicas; slot += 1) {
      const replica = topology.replicaStart[index]! + slot;
      const declared = service.placement[slot % Math.max(1, service.placement.length)];
      assignNode(core, replica, declared ?? chooseNode(core, index));
      state.replicas.phase[replica] = Phase.running;
      state.replicas.ready[replica] = 1;
      state.replicas.startedMicros[replica] = -1e6 * (service.warmUpSeconds + 1);
      fillCaches(core, replica, 1);
    }
  });
}

/** Starts the container of a replica on its node. */
export function startContainer(core: ClusterCore, replica: number): void {
  const service = core.spec.services[core.topology.replicaService[replica]!]!;
  enter(core, replica, Phase.starting);
  schedule(core, { kind: ClusterEvent.started, replica, afterSeconds: service.startSeconds });
}

/** The container is up: probes begin, and load balancing waits for them. */
export function containerStarted(core: ClusterCore, replica: number): void {
  if (!dataComplete(core, replica)) {
    crashReplica(core, replica);
    return;
  }
  const { state, effects } = core;
  const service = core.spec.services[core.topology.replicaService[replica]!]!;
  enter(core, replica, Phase.running);
  state.replicas.startedMicros[replica] = state.global.nowMicros[0]!;
  const readinessWait = Math.max(0, service.readiness.initialDelaySeconds - service.startSeconds);
  const livenessWait = Math.max(0, service.liveness.initialDelaySeconds - service.startSeconds);
  schedule(core, { kind: ClusterEvent.readinessProbe, replica, afterSeconds: readinessWait });
  schedule(core, {
    kind: ClusterEvent.livenessProbe,
    replica,
    afterSeconds: livenessWait + service.liveness.periodSeconds,
  });
  if (effects.values.replicaCrashing[replica]! > 0) crashSoon(core, replica);
}

/** Lets the process of a replica that is made to crash die shortly. */
export function crashSoon(core: ClusterCore, replica: number): void {
  if (core.state.replicas.phase[replica] !== Phase.running) return;
  schedule(core, { kind: ClusterEvent.crashAgain, replica, afterSeconds: CRASH_AFTER_SECONDS });
}

/** The process dies; the orchestrator starts it again after its crash back-off. */
export function crashReplica(core: ClusterCore, replica: number): void {
  const { replicas, global } = core.state;
  const { control } = core.spec;
  const aliveSeconds = (global.nowMicros[0]! - replicas.startedMicros[replica]!) / 1e6;
  const healthy = replicas.phase[replica] === Phase.running && aliveSeconds >= control.crashBackoffResetSeconds;
  const crashes = (healthy ? 0 : replicas.crashes[replica]!) + 1;
  endProcess(core, replica);
  replicas.crashes[replica] = crashes;
  replicas.restarts[replica]! += 1;
  enter(core, replica, Phase.backoff);
  schedule(core, { kind: ClusterEvent.backoffOver, replica, afterSeconds: backoffSeconds(core, crashes) });
}

/** Kill and start in place at once, as an operator does: no back-off, crash count forgotten. */
export function restartReplica(core: ClusterCore, replica: number): void {
  const { replicas, nodes } = core.state;
  const phase = replicas.phase[replica];
  if (phase === Phase.absent || phase === Phase.pending || phase === Phase.lost) return;
  if (nodes.silent[replicas.node[replica]!] === 1) return;
  endProcess(core, replica);
  replicas.crashes[replica] = 0;
  replicas.restarts[replica]! += 1;
  startContainer(core, replica);
}

/** Starts the replica on another node than it is on, if one has room: false otherwise. */
export function moveReplica(core: ClusterCore, replica: number, avoidNode: number): boolean {
  const { replicas } = core.state;
  const node = chooseNode(core, core.topology.replicaService[replica]!, [avoidNode, replicas.node[replica]!]);
  if (node < 0) return false;
  endProcess(core, replica);
  core.effects.endPod(replica);
  assignNode(core, replica, node);
  replicas.crashes[replica] = 0;
  replicas.restarts[replica]! += 1;
  startContainer(core, replica);
  return true;
}

/** Wants one replica more; it waits for a node with room. Returns its slot, -1 = the service is at its most. */
export function addReplica(core: ClusterCore, service: number): number {
  const { topology, state } = core;
  for (let slot = topology.replicaStart[service]!; slot < topology.replicaStart[service + 1]!; slot += 1) {
    if (state.replicas.phase[slot] !== Phase.absent) continue;
    state.services.desired[service]! += 1;
    assignNode(core, slot, -1);
    enter(core, slot, Phase.pending);
    placePending(core, slot);
    return slot;
  }
  return -1;
}

/** Puts a waiting replica on a node if one has room. */
export function placePending(core: ClusterCore, replica: number): void {
  const node = chooseNode(core, core.topology.replicaService[replica]!);
  if (node < 0) return;
  assignNode(core, replica, node);
  startContainer(core, replica);
}

/** Stops wanting a replica. */
export function removeReplica(core: ClusterCore, replica: number): void {
  const { replicas, services } = core.state;
  if (replicas.phase[replica] === Phase.absent) return;
  endProcess(core, replica);
  core.effects.endPod(replica);
  services.desired[core.topology.replicaService[replica]!]! -= 1;
  enter(core, replica, Phase.absent);
  assignNode(core, replica, -1);
}

/** A replica was scaled away, or is wanted again. */
export function replicaWantedChanged(core: ClusterCore, replica: number): void {
  const { replicas, services } = core.state;
  if (core.effects.values.replicaUnwanted[replica]! > 0) {
    removeReplica(core, replica);
    return;
  }
  if (replicas.phase[replica] !== Phase.absent) return;
  services.desired[core.topology.replicaService[replica]!]! += 1;
  enter(core, replica, Phase.pending);
  placePending(core, replica);
}

/** The machine under a replica went off; load balancing learns of it only through the node's silence. */
export function loseReplica(core: ClusterCore, replica: number): void {
  const { replicas } = core.state;
  if (replicas.phase[replica] === Phase.absent || replicas.phase[replica] === Phase.pending) return;
  const ready = replicas.ready[replica]!;
  endProcess(core, replica);
  enter(core, replica, Phase.lost);
  replicas.ready[replica] = ready;
}

/** Puts a replica into or takes it out of load balancing. */
export function setReady(core: ClusterCore, replica: number, ready: 0 | 1): void {
  if (core.state.replicas.ready[replica] === ready) return;
  core.state.replicas.ready[replica] = ready;
  touchRoutes(core, core.topology.replicaService[replica]!);
}

function enter(core: ClusterCore, replica: number, phase: number): void {
  const { replicas } = core.state;
  replicas.phase[replica] = phase;
  replicas.generation[replica]! += 1;
  replicas.ready[replica] = 0;
  replicas.readinessFailures[replica] = 0;
  replicas.readinessSuccesses[replica] = 0;
  replicas.livenessFailures[replica] = 0;
  touchRoutes(core, core.topology.replicaService[replica]!);
}

function endProcess(core: ClusterCore, replica: number): void {
  core.traffic.dropReplica(replica);
  core.state.replicas.leakedBytes[replica] = 0;
  fillCaches(core, replica, 0);
  core.effects.endProcess(replica);
}

/** Sets how full the caches in a replica are, 0 to 1. */
function fillCaches(core: ClusterCore, replica: number, share: number): void {
  const { topology, spec, state } = core;
  const service = topology.replicaService[replica]!;
  const { starts, items } = topology.callsOut;
  for (let at = starts[service]!; at < starts[service + 1]!; at += 1) {
    const call = items[at]!;
    const row = topology.callerPortStart[call]! + replica - topology.replicaStart[service]!;
    state.callers.cacheEntries[row] = share * (spec.calls[call]!.cache?.entries ?? 0);
  }
}

function dataComplete(core: ClusterCore, replica: number): boolean {
  const disk = core.topology.replicaDisk[replica]!;
  return disk < 0 || (core.state.disks.intact[disk] === 1 && core.effects.values.diskLost[disk] === 0);
}

function backoffSeconds(core: ClusterCore, crashes: number): number {
  const { crashBackoffSeconds, crashBackoffSecondsMax } = core.spec.control;
  const most = Math.max(BACKOFF_SECONDS_MIN, crashBackoffSecondsMax);
  let seconds = Math.max(BACKOFF_SECONDS_MIN, crashBackoffSeconds);
  for (let crash = 1; crash < crashes && seconds < most; crash += 1) seconds *= 2;
  return Math.min(seconds, most);
}

function schedule(core: ClusterCore, event: { kind: number; replica: number; afterSeconds: number }): void {
  const generation = core.state.replicas.generation[event.replica]!;
  scheduleAfter(core, { afterSeconds: event.afterSeconds, kind: event.kind, a: event.replica, b: generation });
}
