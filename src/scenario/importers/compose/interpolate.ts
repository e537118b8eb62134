/** Fills in variables as Compose does, from the defaults in the file alone: the shell of whoever runs it is not known. */

/** Defaults may hold variables with defaults this deep. */
const NESTING_MAX = 16;
/** Most variables in one text, and longest default: looking for its end takes time. */
const VARIABLES_MAX = 1000;
const DEFAULT_LENGTH_MAX = 10_000;

/** The document with `$NAME` and `${NAME:-default}` replaced in every text; variables without a value are noted. */
export function interpolated(document: unknown, unset: Set<string>): unknown {
  const done = new Map<object, unknown>();
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return value.includes('$') ? filled(value, unset, NESTING_MAX) : value;
    if (typeof value !== 'object' || value === null) return value;
    const before = done.get(value);
    if (before !== undefined) return before;
    const copy: unknown = Array.isArray(value)
      ? value.map(walk)
      : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]));
    done.set(value, copy);
    return copy;
  };
  return walk(document);
}

const NAME = /[A-Za-z_]\w{0,200}/y;

function filled(text: string, unset: Set<string>, nestingLeft: number): string {
  let result = '';
  let at = 0;
  for (let count = 0; ; count += 1) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0 || count === VARIABLES_MAX) return result + text.slice(at);
    result += text.slice(at, dollar);
    const { value, end } = variableAt(text, dollar, { unset, nestingLeft });
    result += value;
    at = end;
  }
}

interface Filling {
  readonly unset: Set<string>;
  readonly nestingLeft: number;
}

/** What stands for the variable that begins at a dollar sign, and where it ends; a dollar that begins none stays. */
function variableAt(text: string, dollar: number, filling: Filling): { readonly value: string; readonly end: number } {
  if (text[dollar + 1] === '$') return { value: '$', end: dollar + 2 };
  const isBraced = text[dollar + 1] === '{';
  NAME.lastIndex = dollar + (isBraced ? 2 : 1);
  const name = NAME.exec(text)?.[0];
  const stays = { value: '$', end: dollar + 1 };
  if (name === undefined) return stays;
  if (!isBraced) {
    filling.unset.add(name);
    return { value: '', end: NAME.lastIndex };
  }
  const end = closingBrace(text, NAME.lastIndex);
  if (end < 0) return stays;
  return { value: withoutValue(name, text.slice(NAME.lastIndex, end), filling), end: end + 1 };
}

/** What Compose takes for a variable that is not set: its default if there is one. */
function withoutValue(name: string, rest: string, { unset, nestingLeft }: Filling): string {
  const [, operator, word = ''] = /^(:?[-?+])([\s\S]*)$/.exec(rest) ?? [];
  if (operator === '-' || operator === ':-') return nestingLeft > 0 ? filled(word, unset, nestingLeft - 1) : word;
  // `+` is for variables that are set.
  if (operator !== '+' && operator !== ':+') unset.add(name);
  return '';
}

function closingBrace(text: string, from: number): number {
  let open = 1;
  const end = Math.min(text.length, from + DEFAULT_LENGTH_MAX);
  for (let at = from; at < end; at += 1) {
    if (text[at] === '{') open += 1;
    if (text[at] === '}') open -= 1;
    if (open === 0) return at;
  }
  return -1;
}
