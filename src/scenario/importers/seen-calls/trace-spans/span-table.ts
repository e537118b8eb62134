/** All spans of a file, by trace and span, and the calls between services that follow from who is whose parent. */
import type { SeenCall } from '../seen-calls.ts';
import type { ResourceSpans, Span } from './spans-schema.ts';

interface KnownSpan {
  readonly service: string;
  /** Key of the parent, null = it has none. */
  readonly parent: string | null;
  readonly kind: Kind;
  /** Whom it calls, as its own attributes say. */
  readonly peer: string | null;
}

type Kind = 'inside' | 'server' | 'client' | 'producer' | 'consumer';

/** By number and by name. */
const kinds: readonly (readonly [name: string, kind: Kind])[] = [
  ['SPAN_KIND_UNSPECIFIED', 'inside'],
  ['SPAN_KIND_INTERNAL', 'inside'],
  ['SPAN_KIND_SERVER', 'server'],
  ['SPAN_KIND_CLIENT', 'client'],
  ['SPAN_KIND_PRODUCER', 'producer'],
  ['SPAN_KIND_CONSUMER', 'consumer'],
];

/** Attributes that name whom a client calls, the surest first. */
const PEER_ATTRIBUTES = ['peer.service', 'server.address', 'net.peer.name', 'messaging.destination.name'];

export class SpanTable {
  static readonly SPANS_MAX: number = 500_000;
  readonly #spans = new Map<string, KnownSpan>();
  #nameless = 0;
  #twice = 0;

  get size(): number {
    return this.#spans.size + this.#nameless;
  }

  /** Takes the spans of one process; false = there are too many. */
  add({ resource, scopeSpans, instrumentationLibrarySpans }: ResourceSpans): boolean {
    const service = resource?.attributes?.find(({ key }) => key === 'service.name')?.value?.stringValue ?? '';
    for (const { spans } of [...(scopeSpans ?? []), ...(instrumentationLibrarySpans ?? [])]) {
      for (const span of spans ?? []) {
        if (this.size >= SpanTable.SPANS_MAX) return false;
        this.#addOne(span, service);
      }
    }
    return true;
  }

  /**
   * A span whose parent is not of the same service begins a request there; where the parent is of another service, that
   * one called. A client span that nobody continues calls whom its attributes name.
   */
  count(): { calls: SeenCall[]; requests: Map<string, number>; notes: string[] } {
    const tally = new Tally();
    const continued = new Set<string>();
    for (const span of this.#spans.values()) {
      const parent = span.parent === null ? undefined : this.#spans.get(span.parent);
      if (parent?.service === span.service) continue;
      tally.request(span.service);
      if (parent === undefined) {
        if (span.parent !== null) tally.orphans += 1;
        continue;
      }
      this.#markContinued(span.parent, parent.service, continued);
      tally.call(parent.service, span.service);
      if (span.kind === 'consumer') tally.messages += 1;
    }
    for (const [key, span] of this.#spans) {
      if (span.peer !== null && !continued.has(key) && this.#isOutermostCall(span)) tally.call(span.service, span.peer);
    }
    return { calls: tally.calls, requests: tally.requests, notes: this.#notes(tally) };
  }

  #addOne({ traceId, spanId, parentSpanId, kind, attributes }: Span, service: string): void {
    if (service === '') {
      this.#nameless += 1;
      return;
    }
    const trace = traceId.toLowerCase();
    const key = `${trace}/${spanId.toLowerCase()}`;
    if (this.#spans.has(key)) {
      this.#twice += 1;
      return;
    }
    const named = PEER_ATTRIBUTES.map((name) => attributes?.find(({ key: own }) => own === name)?.value?.stringValue);
    this.#spans.set(key, {
      service,
      parent: parentSpanId ? `${trace}/${parentSpanId.toLowerCase()}` : null,
      kind: kindOf(kind),
      peer: named.find((name) => name !== undefined && name !== null && name !== '') ?? null,
    });
  }

  /** A span that another service continues, and what of its own service stands above it. */
  #markContinued(key: string | null, service: string, continued: Set<string>): void {
    let at = key;
    while (at !== null && !continued.has(at)) {
      const span = this.#spans.get(at);
      if (span?.service !== service) return;
      continued.add(at);
      at = span.parent;
    }
  }

  /** Libraries often wrap one call in several client spans. */
  #isOutermostCall({ service, kind, parent }: KnownSpan): boolean {
    if (!isCall(kind)) return false;
    const above = parent === null ? undefined : this.#spans.get(parent);
    return above === undefined || above.service !== service || !isCall(above.kind);
  }

  #notes({ orphans, messages }: Tally): string[] {
    return [
      ...(orphans > 0
        ? [`${orphans} spans have a parent that is not in the file; taken as requests from outside`]
        : []),
      ...(messages > 0 ? [`${messages} calls are messages, taken as calls that wait for an answer`] : []),
      ...(this.#nameless > 0 ? [`${this.#nameless} spans name no service and do not count`] : []),
      ...(this.#twice > 0 ? [`${this.#twice} spans are there twice and count once`] : []),
    ];
  }
}

class Tally {
  readonly requests = new Map<string, number>();
  readonly #calls = new Map<string, Map<string, number>>();
  orphans = 0;
  messages = 0;

  get calls(): SeenCall[] {
    return [...this.#calls].flatMap(([caller, callees]) =>
      [...callees].map(([callee, count]) => ({ caller, callee, count })),
    );
  }

  request(service: string): void {
    this.requests.set(service, (this.requests.get(service) ?? 0) + 1);
  }

  call(caller: string, callee: string): void {
    const callees = this.#calls.get(caller) ?? new Map<string, number>();
    callees.set(callee, (callees.get(callee) ?? 0) + 1);
    this.#calls.set(caller, callees);
  }
}

function isCall(kind: Kind): boolean {
  return kind === 'client' || kind === 'producer';
}

function kindOf(kind: string | number | null | undefined): Kind {
  if (typeof kind === 'number') return kinds[kind]?.[1] ?? 'inside';
  return kinds.find(([name]) => name === kind)?.[1] ?? 'inside';
}
