/**
 * Breakers in callers' replicas: each counts attempts over windows, opens when too many failed, lets trials through after
 * a while, and closes or opens again by what became of them. They are looked at once a second, in the order of their rows.
 */

import type { ClusterCore } from '../core.ts';
import { Breaker, Phase } from '../state.ts';

/** Looks at every breaker. */
export function watchBreakers(core: ClusterCore): void {
  const { spec, topology } = core;
  for (let call = 0; call < topology.calls; call += 1) {
    if (spec.calls[call]!.breaker === null) continue;
    const end = topology.callerPortStart[call + 1]!;
    for (let row = topology.callerPortStart[call]!; row < end; row += 1) watchBreaker(core, call, row);
  }
}

function watchBreaker(core: ClusterCore, call: number, row: number): void {
  const { callers, global } = core.state;
  if (!outlivedWindow(core, row)) {
    enter(core, row, Breaker.closed);
    return;
  }
  const { windowSeconds, openSeconds } = core.spec.calls[call]!.breaker!;
  const elapsedSeconds = (global.nowMicros[0]! - callers.windowMicros[row]!) / 1e6;
  if (callers.breaker[row] === Breaker.open) {
    if (elapsedSeconds >= openSeconds) enter(core, row, Breaker.halfOpen);
  } else if (elapsedSeconds >= windowSeconds) closeWindow(core, call, row);
}

/** A window is over: too many failures open the breaker, good trials close it. */
function closeWindow(core: ClusterCore, call: number, row: number): void {
  const { callers } = core.state;
  const { failureRatioMax, attemptsMin } = core.spec.calls[call]!.breaker!;
  const halfOpen = callers.breaker[row] === Breaker.halfOpen;
  const attempts = callers.attempts[row]!;
  // Trials are few by intent: the first whole one may decide, and until there is one the window stays open.
  if (halfOpen && attempts < 1) return;
  const counts = halfOpen || attempts >= attemptsMin;
  const failed = counts && callers.failures[row]! > failureRatioMax * attempts;
  enter(core, row, failed ? Breaker.open : Breaker.closed);
}

/** Whether the caller's process has lived through the whole window: a new process starts with a closed breaker. */
function outlivedWindow(core: ClusterCore, row: number): boolean {
  const { replicas, callers } = core.state;
  const replica = core.topology.portReplica[row]!;
  return replicas.phase[replica] === Phase.running && replicas.startedMicros[replica]! <= callers.windowMicros[row]!;
}

/** Begins a window. */
function enter(core: ClusterCore, row: number, breaker: number): void {
  const { callers, global } = core.state;
  if (callers.breaker[row] !== breaker) callers.generation[row]! += 1;
  callers.breaker[row] = breaker;
  callers.attempts[row] = 0;
  callers.failures[row] = 0;
  callers.windowMicros[row] = global.nowMicros[0]!;
}
