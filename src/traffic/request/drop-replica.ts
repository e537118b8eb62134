/** The end of a process with all the work in it. */

import { Answer, answerOf } from '../../cluster/index.ts';
import type { RequestParts } from './parts.ts';
import { Ending, Field, GONE, NONE, ROW, Stage } from './rows.ts';
import { isInside } from './stations.ts';

/**
 * Requests inside a replica are lost. Their callers learn of it by a reset connection, unless the machine is off; the
 * calls they had made go on without anyone to answer.
 */
export function dropReplica(parts: RequestParts, replica: number): void {
  const { heap, pool, stations, calls, attempts, context } = parts;
  const fields = parts.state.entities.value;
  const isHere = (entity: number): boolean =>
    fields[entity * ROW + Field.replica] === replica && isInside(fields[entity * ROW + Field.stage]!);
  heap.remove((payload) => payload >= 0 && isHere(payload));
  for (let entity = 0; entity < pool.touched; entity += 1) {
    const at = entity * ROW;
    const { stage, from, parent, child } = Field;
    if (fields[at + from] === replica && fields[at + stage] !== Stage.free) fields[at + Field.connected] = 0;
    if (!isHere(entity)) continue;
    if (fields[at + stage] === Stage.connecting) calls.abandonWait(entity);
    if (fields[at + child] === NONE) continue;
    // Its own answer is lost too; the calls it had made must not report to it any more.
    if (fields[fields[at + child]! * ROW + parent] !== GONE) attempts.abandon(fields[at + child]!);
    fields[at + child] = NONE;
  }
  stations.empty(replica);
  calls.dropReplica(replica, context.topology.replicaService[replica]!);
  const isSilent = answerOf(context, replica) === Answer.silent;
  for (let entity = 0; entity < pool.touched; entity += 1) {
    if (!isHere(entity)) continue;
    if (isSilent) attempts.loseAnswer(entity);
    else attempts.answer(entity, Ending.refused);
  }
}
