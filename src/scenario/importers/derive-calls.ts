/** Derives who calls whom from the hosts that settings mention. */
import { isRemoteHost } from './addresses.ts';
import { type ContainerSettings, mentions } from './mentions.ts';

/** Who is behind a host; undefined = no such host in the input. */
export type Resolve<Callee> = (host: string) => readonly Callee[] | undefined;

/** A call to one workload. */
export interface DerivedCall<Callee> {
  readonly callee: Callee;
  /** 1 / number of workloads behind the address. */
  readonly share: number;
  readonly source: string;
}

/** What was found in one workload's settings. */
export interface Derivation<Callee> {
  /** One per callee, in order of appearance. */
  readonly calls: DerivedCall<Callee>[];
  /** Addresses that lead nowhere in the input, each with where it stands. */
  readonly notDerived: string[];
}

/** Addresses of one workload that are reported; a text of addresses would fill the report. */
const NOT_DERIVED_MAX = 100;

/** Calls of a workload named `name`; whom it is itself, it does not call. */
export function deriveCalls<Callee>(
  caller: { readonly self: Callee; readonly name: string; readonly settings: readonly ContainerSettings[] },
  resolve: Resolve<Callee>,
): Derivation<Callee> {
  const calls = new Map<Callee, DerivedCall<Callee>>();
  const notDerived = new Set<string>();
  const seen = new Set<string>();
  for (const mention of caller.settings.flatMap(mentions)) {
    const key = `${mention.source} ${mention.host}`;
    if (seen.has(key) || notDerived.size >= NOT_DERIVED_MAX) continue;
    seen.add(key);
    const found = resolve(mention.host);
    const where = `${caller.name}: ${mention.source}`;
    if (found === undefined) {
      if (mention.isAddress && isRemoteHost(mention.host))
        notDerived.add(`${where} names ${mention.host}, which is not in the input`);
      continue;
    }
    if (found.length === 0) {
      notDerived.add(`${where} names the Service ${mention.host}, which selects nothing in the input`);
    }
    const callees = found.filter((workload) => workload !== caller.self);
    if (mention.isName && callees.length > 0) {
      notDerived.add(`${where} is ${mention.host}, the name of a Service, but the setting looks like a plain name`);
      continue;
    }
    for (const callee of callees) {
      if (!calls.has(callee)) calls.set(callee, { callee, share: 1 / found.length, source: mention.source });
    }
  }
  return { calls: [...calls.values()], notDerived: [...notDerived] };
}
