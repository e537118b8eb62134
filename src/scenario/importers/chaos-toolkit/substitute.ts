/** Fills `${name}` from the experiment's own configuration; what comes from outside has at most a default. */

/** The experiment with values in the place of names; names without a value are noted. */
export function substituted(document: unknown, missing: Set<string>): unknown {
  const values = configurationOf(document);
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return part.includes('${') ? filled(part, values, missing) : part;
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, walk(value)]));
  };
  return walk(document);
}

function configurationOf(document: unknown): ReadonlyMap<string, unknown> {
  const written: unknown =
    typeof document === 'object' && document !== null && 'configuration' in document ? document.configuration : {};
  if (typeof written !== 'object' || written === null) return new Map();
  return new Map(
    Object.entries(written).flatMap(([name, value]: [string, unknown]) => {
      if (typeof value !== 'object' || value === null) return [[name, value] as const];
      if ('default' in value) return [[name, value.default] as const];
      return 'type' in value ? [] : [[name, value] as const];
    }),
  );
}

/** A long value in many places would soon fill the memory. */
const VALUE_LENGTH_MAX = 1000;
const FILLED_LENGTH_MAX = 10_000;

/** A text that is one name as a whole becomes its value; names within a text become part of it. */
function filled(text: string, values: ReadonlyMap<string, unknown>, missing: Set<string>): unknown {
  const [, whole] = /^\$\{([\w.-]{1,200})\}$/.exec(text) ?? [];
  if (whole !== undefined && values.has(whole)) return values.get(whole);
  if (text.length > FILLED_LENGTH_MAX) return text;
  return text.replace(/\$\{([\w.-]{1,200})\}/g, (written, name: string) => {
    const value = values.get(name);
    if (value === undefined) missing.add(name);
    const word = value === undefined || typeof value === 'object' ? written : String(value);
    return word.length > VALUE_LENGTH_MAX ? written : word;
  });
}
