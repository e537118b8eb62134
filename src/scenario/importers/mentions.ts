/** Which hosts the settings of a container mention, whatever format they are written in. */
import { addressesIn, bareHostsInArguments, bareNames, holdsName } from './addresses.ts';

/** Settings of one container. */
export interface ContainerSettings {
  readonly environment: ReadonlyMap<string, string>;
  /** Command and arguments. */
  readonly words: readonly string[];
  /** Files of settings that it is given, by a name for people. */
  readonly files?: ReadonlyMap<string, string>;
}

/** A host that a setting mentions. */
export interface Mention {
  readonly host: string;
  /** For instance `env CART_ADDR`. */
  readonly source: string;
  /** It has a scheme or a port, so it is an address beyond doubt. */
  readonly isAddress: boolean;
  /** The setting's own name says that it is not an address. */
  readonly isName: boolean;
}

/** Every mention, in order: environment, then words, then files. */
export function mentions({ environment, words, files }: ContainerSettings): Mention[] {
  const fromEnvironment = [...environment].flatMap(([name, value]) => {
    const source = `env ${name}`;
    const bare = bareNames(value).map((host) => ({ host, source, isAddress: false, isName: holdsName(name) }));
    return [...addresses(value, source), ...bare];
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
  // In a file of settings only what has a scheme or a port is taken for an address: other words may be anything.
  const fromFiles = [...(files ?? [])].flatMap(([name, text]) => addresses(text, name));
  return [...fromEnvironment, ...fromWords, ...bare, ...fromFiles];
}

function addresses(text: string, source: string): Mention[] {
  return addressesIn(text).map(({ host }) => ({ host, source, isAddress: true, isName: false }));
}
