/** Derives who calls whom from the addresses in the settings of containers. */
import { addressesIn, bareHostsInArguments, bareNames, holdsName, isRemoteHost } from '../addresses.ts';
import type { ContainerSettings } from './container-settings.ts';
import { namespaceOf, type Workload } from './read-manifests.ts';
import type { ServiceResolver } from './service-resolver.ts';

/** A call to one workload. */
interface DerivedCall {
  readonly callee: Workload;
  /** 1 / number of workloads behind the address. */
  readonly share: number;
  readonly source: string;
}

/** What was found in one workload's settings. */
export interface Derivation {
  /** One per callee, in order of appearance. */
  readonly calls: DerivedCall[];
  /** Addresses that lead nowhere in the input, each with where it stands. */
  readonly notDerived: string[];
}

/** Calls of a workload, init containers' included: what must answer before it starts, it depends on. */
export function deriveCalls(
  caller: Workload,
  settings: readonly ContainerSettings[],
  resolve: ServiceResolver,
): Derivation {
  const calls = new Map<Workload, DerivedCall>();
  const notDerived = new Set<string>();
  for (const mention of settings.flatMap(mentions)) {
    const found = resolve(mention.host, namespaceOf(caller.metadata));
    const where = `${caller.metadata.name}: ${mention.source}`;
    if (found === undefined) {
      if (mention.isAddress && isRemoteHost(mention.host))
        notDerived.add(`${where} names ${mention.host}, which is not in the input`);
      continue;
    }
    if (found.workloads.length === 0) {
      notDerived.add(`${where} names the Service ${mention.host}, which selects nothing in the input`);
    }
    const callees = found.workloads.filter((workload) => workload !== caller);
    if (mention.isName && callees.length > 0) {
      notDerived.add(`${where} is ${mention.host}, the name of a Service, but the setting looks like a plain name`);
      continue;
    }
    for (const callee of callees) {
      if (!calls.has(callee)) calls.set(callee, { callee, share: 1 / found.workloads.length, source: mention.source });
    }
  }
  return { calls: [...calls.values()], notDerived: [...notDerived] };
}

/** A host that a setting mentions. */
interface Mention {
  readonly host: string;
  /** For instance `env CART_ADDR`. */
  readonly source: string;
  /** It has a scheme or a port, so it is an address beyond doubt. */
  readonly isAddress: boolean;
  /** The setting's own name says that it is not an address. */
  readonly isName: boolean;
}

function mentions({ environment, words }: ContainerSettings): Mention[] {
  const fromEnvironment = [...environment].flatMap(([name, value]) => {
    const source = `env ${name}`;
    const addresses = addressesIn(value).map(({ host }) => ({ host, source, isAddress: true, isName: false }));
    const bare = bareNames(value).map((host) => ({ host, source, isAddress: false, isName: holdsName(name) }));
    return [...addresses, ...bare];
  });
  const fromWords = words.flatMap((word) =>
    addressesIn(word).map(({ host, text }) => ({ host, source: `argument ${text}`, isAddress: true, isName: false })),
  );
  const split = words.flatMap((word) => word.split(/[\s;|&()'"]+/));
  const bare = bareHostsInArguments(split).map((host) => ({
    host,
    source: `argument ${host}`,
    isAddress: false,
    isName: false,
  }));
  return [...fromEnvironment, ...fromWords, ...bare];
}
