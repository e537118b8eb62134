/** What effects and the control plane make of replicas, taken in anew only when one of them has changed something. */

import { Answer, answerOf, errorRatio } from '../../cluster/index.ts';
import type { RequestParts } from './parts.ts';
import { Field, LOAD, Load, ROW, STATION, Stage, Station } from './rows.ts';

/** Takes in the conditions of all replicas and edges; processes that no longer hang go on with their work. */
export function refreshConditions(parts: RequestParts): void {
  const { topology } = parts.context;
  parts.troubles.refresh();
  parts.network.refresh();
  parts.disks.refresh();
  parts.hosts.refresh();
  let woken = false;
  for (let replica = 0; replica < topology.replicas; replica += 1) {
    if (refreshReplica(parts, replica)) woken = true;
  }
  if (woken) wake(parts);
  else retryDisks(parts);
}

/** Returns whether the replica has begun to serve. */
function refreshReplica(parts: RequestParts, replica: number): boolean {
  const { plan, state, context } = parts;
  const { values } = context.effects;
  const service = context.topology.replicaService[replica]!;
  const load = replica * LOAD;
  const { warmUpSeconds } = context.spec.services[service]!;
  const loads = state.loads.value;
  loads[load + Load.ownMicros] = plan.ownMicros[service]! * values.replicaSlow[replica]!;
  loads[load + Load.delayMicros] = 1e6 * values.replicaDelay[replica]!;
  loads[load + Load.errorRatio] = errorRatio(context, replica);
  loads[load + Load.warmUntilMicros] = context.state.replicas.startedMicros[replica]! + 1e6 * warmUpSeconds;
  const at = replica * STATION + Station.answer;
  const before = state.stations.value[at]!;
  const now = answerOf(context, replica);
  state.stations.value[at] = now;
  return now === Answer.serves && before !== Answer.serves;
}

/** Halted requests go on, and free workers take up what has piled up. */
function wake(parts: RequestParts): void {
  const fields = parts.state.entities.value;
  const stations = parts.state.stations.value;
  const { touched } = parts.pool;
  for (let entity = 0; entity < touched; entity += 1) {
    const at = entity * ROW;
    if (fields[at + Field.stage] !== Stage.halted) continue;
    if (stations[fields[at + Field.replica]! * STATION + Station.answer] !== Answer.serves) continue;
    fields[at + Field.stage] = Stage.working;
    parts.heap.push(parts.nowMicros, entity);
  }
  retryDisks(parts);
  for (let replica = 0; replica < parts.context.topology.replicas; replica += 1) parts.stations.takeUp(replica);
}

/** Requests that a hanging disk held up try it again. */
function retryDisks(parts: RequestParts): void {
  if (parts.context.topology.disks === 0) return;
  const fields = parts.state.entities.value;
  const { touched } = parts.pool;
  for (let entity = 0; entity < touched; entity += 1) {
    if (fields[entity * ROW + Field.stage] === Stage.stuck) parts.stations.retryDisk(entity);
  }
}
