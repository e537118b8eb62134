/** Removes the calls that close a cycle: a request that goes round would never end. */
import type { ImportedCall } from './application.ts';

/** The calls that stay and those cut. Walking starts at the entries, so the call that leads back towards them is cut. */
export function cutCycles(
  calls: readonly ImportedCall[],
  options: { services: readonly string[]; entries: readonly string[] },
): { kept: ImportedCall[]; cut: ImportedCall[]; cycles: string[][] } {
  const outgoing = new Map<string, ImportedCall[]>();
  for (const call of calls) outgoing.set(call.caller, [...(outgoing.get(call.caller) ?? []), call]);
  const walk = new Walk(outgoing);
  for (const service of new Set([...options.entries, ...options.services])) walk.from(service);
  const cut = new Set(walk.cut);
  return { kept: calls.filter((call) => !cut.has(call)), cut: walk.cut, cycles: walk.cycles };
}

/** One walk in depth over all calls. A call back onto the way that led to it is cut, and the walk goes on. */
class Walk {
  readonly cut: ImportedCall[] = [];
  /** Services of each cycle, the first one again at its end. */
  readonly cycles: string[][] = [];
  readonly #outgoing: ReadonlyMap<string, readonly ImportedCall[]>;
  readonly #done = new Set<string>();

  constructor(outgoing: ReadonlyMap<string, readonly ImportedCall[]>) {
    this.#outgoing = outgoing;
  }

  from(start: string): void {
    if (this.#done.has(start)) return;
    const way = [start];
    const next = [0];
    const onWay = new Set(way);
    while (way.length > 0) {
      const service = way[way.length - 1] ?? start;
      const position = next[next.length - 1] ?? 0;
      const call = this.#outgoing.get(service)?.[position];
      if (call === undefined) {
        this.#done.add(service);
        onWay.delete(service);
        way.pop();
        next.pop();
        continue;
      }
      next[next.length - 1] = position + 1;
      if (onWay.has(call.callee)) this.#cutOff(call, way);
      else if (!this.#done.has(call.callee)) {
        way.push(call.callee);
        next.push(0);
        onWay.add(call.callee);
      }
    }
  }

  #cutOff(call: ImportedCall, way: readonly string[]): void {
    this.cut.push(call);
    this.cycles.push([...way.slice(way.indexOf(call.callee)), call.callee]);
  }
}
