/** Puts the calls seen in a running system over those derived from its files. */
import { nearestName } from '../../../base/index.ts';
import type { ImportedCall, ImportReport } from '../application.ts';
import type { SeenCall, SeenCalls } from './seen-calls.ts';

interface SeenContext {
  readonly seen: readonly SeenCalls[];
  /** Names of all services. */
  readonly services: readonly string[];
  readonly report: ImportReport;
}

/** What a call in a scenario may be made most often per request. */
const PER_REQUEST_MAX = 1000;

/**
 * Seen calls replace derived ones and add to them; a count of 0 takes one away. A derived call that was not seen stays,
 * since a sample may miss what is rare, and is reported.
 */
export function withSeenCalls(derived: readonly ImportedCall[], context: SeenContext): ImportedCall[] {
  const { seen, report } = context;
  if (seen.length === 0) return [...derived];
  const files = seen.map(({ file }) => file).join(', ');
  for (const { file, notes } of seen) report.notDerived.push(...notes.map((note) => `${file}: ${note}`));
  const counts = new Counts(context);
  const kept = derived.filter(({ caller, callee }) => counts.of(caller, callee) === undefined);
  for (const { caller, callee, source } of kept)
    report.notDerived.push(`${caller} -> ${callee} (${source}) was not seen in ${files}; it stays, 1 per request`);
  const counted = counts.calls
    .filter(({ count }) => count > 0)
    .map(({ caller, callee, count }): ImportedCall => {
      const requests = counts.requests(caller);
      const source = `${whole(count)} calls in ${whole(requests)} requests, ${files}`;
      return { caller, callee, share: Math.min(PER_REQUEST_MAX, count / requests), counted: true, source };
    });
  return [...counted, ...kept];
}

/** The counts of all files, by the names that the services have in the scenario. */
class Counts {
  readonly calls: readonly SeenCall[];
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #requests = new Map<string, number>();
  readonly #report: ImportReport;

  constructor({ seen, services, report }: SeenContext) {
    this.#report = report;
    const names = new ServiceNames(services);
    for (const { file, calls, requests } of seen) {
      for (const { caller, callee, count } of calls) {
        const [from, to] = [names.find(caller, file), names.find(callee, file)];
        if (from !== undefined && to !== undefined && from !== to) this.#add(from, to, count);
      }
      for (const [service, count] of requests) {
        const name = names.find(service, file);
        if (name !== undefined) this.#requests.set(name, (this.#requests.get(name) ?? 0) + count);
      }
    }
    report.notDerived.push(...names.unknown);
    this.calls = [...this.#counts].flatMap(([caller, callees]) =>
      [...callees].map(([callee, count]) => ({ caller, callee, count })),
    );
  }

  /** Undefined = the files do not speak of this call. */
  of(caller: string, callee: string): number | undefined {
    return this.#counts.get(caller)?.get(callee);
  }

  /** Requests that a caller took; where nobody counted them, as many as its most frequent call. */
  requests(caller: string): number {
    const known = this.#requests.get(caller) ?? 0;
    if (known > 0) return known;
    let most = 1;
    for (const count of this.#counts.get(caller)?.values() ?? []) most = Math.max(most, count);
    const note = `${caller}: its own requests were not counted, ${whole(most)}, as many as its most frequent call`;
    if (!this.#report.assumed.includes(note)) this.#report.assumed.push(note);
    return most;
  }

  #add(caller: string, callee: string, count: number): void {
    const callees = this.#counts.get(caller) ?? new Map<string, number>();
    callees.set(callee, (callees.get(callee) ?? 0) + count);
    this.#counts.set(caller, callees);
  }
}

/** Most unknown names that are reported one by one. */
const UNKNOWN_MAX = 50;

/** Finds the service meant by a name in a file: its own name, in any capitals, or as a cluster's DNS knows it. */
class ServiceNames {
  readonly #known: ReadonlyMap<string, string>;
  readonly #unknown = new Map<string, string>();

  constructor(services: readonly string[]) {
    this.#known = new Map(services.map((name) => [name.toLowerCase(), name]));
  }

  /** Reports of names that no service has. */
  get unknown(): string[] {
    const reports = [...this.#unknown.values()];
    const more = reports.length - UNKNOWN_MAX;
    return more > 0 ? [...reports.slice(0, UNKNOWN_MAX), `and ${more} more names that are not in the input`] : reports;
  }

  find(name: string, file: string): string | undefined {
    const written = name.toLowerCase();
    const [first = '', , marker] = written.split('.', 3);
    const found = this.#known.get(written) ?? (marker === 'svc' ? this.#known.get(first) : undefined);
    if (found !== undefined || this.#unknown.has(name)) return found;
    const nearest = this.#unknown.size < UNKNOWN_MAX ? nearestName(name, this.#known.values()) : undefined;
    const guess = nearest === undefined ? '' : `; did it mean ${nearest}?`;
    this.#unknown.set(name, `${file} names ${name.slice(0, 80)}, which is not in the input${guess}`);
    return undefined;
  }
}

function whole(count: number): string {
  return String(Math.round(count * 1000) / 1000);
}
