/** Finds network addresses in settings: environment values, arguments, scripts. */

/** An address with what surrounded the host stripped: scheme, credentials, port, path. */
export interface Address {
  /** In lower case, without a closing dot. */
  readonly host: string;
  /** The text it was found in, shortened. */
  readonly text: string;
}

// Every repetition is bounded and every match starts at a boundary, so that long texts stay cheap.
const URL_PATTERN =
  /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^\s/@"']{0,200}@)?([a-z0-9._-]{1,253})(?::\d{1,5})?/gi;
const HOST_PORT_PATTERN = /(?<![\w.:/$-])([a-z][a-z0-9._-]{0,252}):(\d{1,5})(?![\w.@-])/gi;
const BARE_PATTERN = /^[a-z][a-z0-9._-]{0,252}$/i;

/** Variables whose value is a name of something, not an address, even if a service happens to have that name. */
const NAME_VARIABLE =
  /(?:^|[^a-z])(name|app|application|component|user|username|password|secret|key|database|db|schema|bucket|topic|queue|index|namespace|id|mode|level|env|environment|tag|version|type|role|region|zone|profile|driver|dialect|language|group)$/i;
/** Flags whose value is an address. */
const ADDRESS_FLAG =
  /(host|addr|address|url|uri|endpoint|server|service|broker|brokers|target|upstream|backend|peer|proxy|connect)s?$/i;

/** Addresses with a scheme or a port, in order. */
export function addressesIn(text: string): Address[] {
  const urls = [...text.matchAll(URL_PATTERN)].map((match) => match[1] ?? '');
  const rest = text.replaceAll(URL_PATTERN, ' ');
  const pairs = [...rest.matchAll(HOST_PORT_PATTERN)]
    .filter(([, , port]) => isPort(port))
    .map((match) => match[1] ?? '');
  const short = shortened(text);
  return [...urls, ...pairs].map((host) => ({ host: cleanHost(host), text: short }));
}

/** Names that may be hosts when a whole value consists of them: `mongodb`, `a,b`. */
export function bareNames(value: string): string[] {
  const names = value.split(/[,;]/).map((name) => name.trim());
  return names.every((name) => BARE_PATTERN.test(name)) ? names.map(cleanHost) : [];
}

/** Whether a variable of this name holds a plain name rather than an address. */
export function holdsName(variable: string): boolean {
  return NAME_VARIABLE.test(variable);
}

/** Bare hosts among arguments: after a flag that takes an address, or before a port as in `nc -z db 5432`. */
export function bareHostsInArguments(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const [, flag, attached] = /^--?([\w.-]+)=(.*)$/.exec(word) ?? [];
    if (flag !== undefined && attached !== undefined) return ADDRESS_FLAG.test(flag) ? bareNames(attached) : [];
    if (!BARE_PATTERN.test(word)) return [];
    const before = words[index - 1] ?? '';
    const follows = /^--?[a-z]/i.test(before) && ADDRESS_FLAG.test(before);
    return follows || isPort(words[index + 1]) ? [cleanHost(word)] : [];
  });
}

/** Whether a host could be another service at all: not this machine, not a number, not a placeholder. */
export function isRemoteHost(host: string): boolean {
  return host !== 'localhost' && !host.startsWith('localhost.') && /[a-z]/.test(host) && /^[a-z0-9]/.test(host);
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

function cleanHost(host: string): string {
  return host.toLowerCase().replace(/\.+$/, '');
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const hidden = line.replaceAll(/\/\/[^\s/@]{1,200}@/g, '//***@');
  return hidden.length > 60 ? `${hidden.slice(0, 57)}...` : hidden;
}
