/** Quantities as people write them (`250ms`, `128Mi`, `200m`, `1Gbit/s`, `5%`) turned into numbers in base units. */
import { assert } from '../base/index.ts';
import type { Quantity } from './document.ts';

/** What a quantity measures. Base units: seconds, bytes, cores, bytes per second, per second, plain ratio. */
export type QuantityKind = 'duration' | 'bytes' | 'cores' | 'bandwidth' | 'rate' | 'ratio';

/** A unit's size as a fraction, so that 250ms is exactly 250 / 1000. */
type Unit = readonly [numerator: number, denominator: number];

const DURATION_UNITS: Record<string, Unit> = {
  us: [1, 1_000_000],
  µs: [1, 1_000_000],
  ms: [1, 1000],
  s: [1, 1],
  m: [60, 1],
  min: [60, 1],
  h: [3600, 1],
};

const BYTE_UNITS: Record<string, Unit> = {
  B: [1, 1],
  ...sizes('B'),
  ...sizes(''),
};

const BANDWIDTH_UNITS: Record<string, Unit> = {
  'B/s': [1, 1],
  'bit/s': [1, 8],
  ...sizes('B/s'),
  'kbit/s': [1e3, 8],
  'Mbit/s': [1e6, 8],
  'Gbit/s': [1e9, 8],
  'Tbit/s': [1e12, 8],
};

const UNITS: Record<QuantityKind, Record<string, Unit>> = {
  duration: DURATION_UNITS,
  bytes: BYTE_UNITS,
  cores: { m: [1, 1000] },
  bandwidth: BANDWIDTH_UNITS,
  rate: { '/s': [1, 1], '/min': [1, 60], '/m': [1, 60], '/h': [1, 3600] },
  ratio: { '%': [1, 100] },
};

const EXAMPLES: Record<QuantityKind, string> = {
  duration: '250ms, 5s, 10m or a number of seconds',
  bytes: '64Ki, 128Mi, 2Gi or a number of bytes',
  cores: '200m, 0.5 or 2 cores',
  bandwidth: '1Gbit/s, 50MB/s or a number of bytes per second',
  rate: '200/s, 600/min or a number per second',
  ratio: '5% or 0.05',
};

const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;

/** How to write a quantity of this kind, for messages. */
export function quantityExamples(kind: QuantityKind): string {
  return EXAMPLES[kind];
}

/** The quantity in its base unit, or null when it is not written as one (unknown unit, not finite). */
export function parseQuantity(kind: QuantityKind, quantity: Quantity): number | null {
  if (typeof quantity === 'number') return Number.isFinite(quantity) ? quantity : null;
  const text = quantity.trim();
  const terms = readTerms(text, UNITS[kind]);
  if (terms === null || terms.length === 0) return null;
  if (terms.length > 1 && kind !== 'duration') return null;
  const total = terms.reduce((sum, term) => sum + term, 0);
  return Number.isFinite(total) ? total : null;
}

/** A regular expression, for JSON Schemas, of all texts that `parseQuantity` can read as this kind; `word` is one more. */
export function quantityPattern(kind: QuantityKind, word?: string): string {
  const number = '(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?';
  const unit = `\\s*(?:${Object.keys(UNITS[kind]).join('|')})`;
  const more = kind === 'duration' ? `(?:${number}${unit})*` : '';
  const text = `\\s*[+-]?${number}(?:${unit}${more})?\\s*`;
  return word === undefined ? `^${text}$` : `^(?:${text}|${word})$`;
}

/** A checked duration in seconds. */
export function seconds(quantity: Quantity): number {
  return checked('duration', quantity);
}

/** A checked size in bytes. */
export function bytes(quantity: Quantity): number {
  return checked('bytes', quantity);
}

/** A checked amount of processor time in cores. */
export function cores(quantity: Quantity): number {
  return checked('cores', quantity);
}

/** A checked bandwidth in bytes per second. */
export function bytesPerSecond(quantity: Quantity): number {
  return checked('bandwidth', quantity);
}

/** A checked rate per second. */
export function perSecond(quantity: Quantity): number {
  return checked('rate', quantity);
}

/** A checked ratio, 1 = all. */
export function ratio(quantity: Quantity): number {
  return checked('ratio', quantity);
}

function checked(kind: QuantityKind, quantity: Quantity): number {
  const number = parseQuantity(kind, quantity);
  assert(number !== null, `the schema has checked that ${quantity} is a ${kind}`);
  return number;
}

/** Reads `1m30s` as two terms; a bare number only when it stands alone. */
function readTerms(text: string, units: Record<string, Unit>): number[] | null {
  const terms: number[] = [];
  let position = 0;
  while (position < text.length) {
    NUMBER.lastIndex = position;
    const number = NUMBER.exec(text)?.[0];
    if (number === undefined || (terms.length > 0 && /^[+-]/.test(number))) return null;
    position += number.length;
    const suffix = /^\s*([^\d\s.+-]*)/.exec(text.slice(position));
    position += suffix?.[0].length ?? 0;
    const term = inBaseUnit(Number(number), suffix?.[1] ?? '', units);
    if (term === null) return null;
    if (suffix?.[1] === '' && (terms.length > 0 || position < text.length)) return null;
    terms.push(term);
  }
  return terms;
}

function inBaseUnit(value: number, suffix: string, units: Record<string, Unit>): number | null {
  if (suffix === '') return value;
  const unit = Object.hasOwn(units, suffix) ? units[suffix] : undefined;
  return unit === undefined ? null : (value * unit[0]) / unit[1];
}

function sizes(ending: string): Record<string, Unit> {
  const prefixes: readonly (readonly [string, number])[] = [
    ['k', 1e3],
    ['K', 1e3],
    ['M', 1e6],
    ['G', 1e9],
    ['T', 1e12],
    ['Ki', 1024],
    ['Mi', 1_048_576],
    ['Gi', 1_073_741_824],
    ['Ti', 1_099_511_627_776],
  ];
  return Object.fromEntries(prefixes.map(([prefix, size]) => [`${prefix}${ending}`, [size, 1] as const]));
}
