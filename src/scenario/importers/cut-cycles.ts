/** Removes the calls that close a cycle: a request that goes round would never end. */
import { findCallCycle } from '../call-cycle.ts';
import type { ImportedCall } from './application.ts';

/** The calls that stay and those cut. Walking starts at the entries, so the call that leads back towards them is cut. */
export function cutCycles(
  calls: readonly ImportedCall[],
  options: { services: readonly string[]; entries: readonly string[] },
): { kept: ImportedCall[]; cut: ImportedCall[]; cycles: string[][] } {
  const order = [...new Set([...options.entries, ...options.services])];
  const indexOf = new Map(order.map((name, index) => [name, index]));
  const kept = [...calls];
  const cut: ImportedCall[] = [];
  const cycles: string[][] = [];
  for (;;) {
    const edges = kept.map((call) => ({
      caller: indexOf.get(call.caller) ?? 0,
      callee: indexOf.get(call.callee) ?? 0,
    }));
    const cycle = findCallCycle(order.length, edges);
    const back = cycle?.at(-1);
    if (cycle === null || back === undefined) return { kept, cut, cycles };
    cycles.push([...cycle.map((index) => kept[index]?.caller ?? ''), kept[back]?.callee ?? '']);
    cut.push(...kept.splice(back, 1));
  }
}
