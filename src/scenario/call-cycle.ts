/** Finds a cycle in a graph of calls, if there is one. */

/** A call from one service to another, by index. */
export interface CallEdge {
  readonly caller: number;
  readonly callee: number;
}

/** Positions in `calls` of the edges of one cycle, in order; null when there is none. Iterative: graphs may be deep. */
export function findCallCycle(services: number, calls: readonly CallEdge[]): number[] | null {
  const outgoing: number[][] = Array.from({ length: services }, () => []);
  for (const [index, call] of calls.entries()) outgoing[call.caller]?.push(index);
  const done = new Uint8Array(services);
  for (let start = 0; start < services; start += 1) {
    const cycle = done[start] === 0 ? searchFrom(start, { outgoing, calls, done }) : null;
    if (cycle !== null) return cycle;
  }
  return null;
}

interface Search {
  readonly outgoing: readonly (readonly number[])[];
  readonly calls: readonly CallEdge[];
  /** 1 = no cycle can be reached from this service. */
  readonly done: Uint8Array;
}

function searchFrom(start: number, { outgoing, calls, done }: Search): number[] | null {
  const path: number[] = [];
  const services = [start];
  const next = [0];
  while (services.length > 0) {
    const service = services[services.length - 1] ?? start;
    const position = next[next.length - 1] ?? 0;
    const index = outgoing[service]?.[position];
    if (index === undefined) {
      done[service] = 1;
      services.pop();
      next.pop();
      path.pop();
      continue;
    }
    next[next.length - 1] = position + 1;
    const callee = calls[index]?.callee ?? start;
    if (done[callee] === 1) continue;
    const seen = services.indexOf(callee);
    if (seen >= 0) return [...path.slice(seen), index];
    path.push(index);
    services.push(callee);
    next.push(0);
  }
  return null;
}
