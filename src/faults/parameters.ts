/** What the names of fault parameters say: unit, and which values make sense. */

interface Suffix {
  readonly ending: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** The first ending that fits counts. */
const suffixes: readonly Suffix[] = [
  { ending: 'Ratio', unit: 'share, 0 to 1', min: 0, max: 1 },
  { ending: 'Share', unit: 'multiple', min: 0, max: 1e6 },
  { ending: 'Factor', unit: 'multiple', min: 1e-6, max: 1e6 },
  { ending: 'Seconds', unit: 's', min: 0, max: 1e6 },
  { ending: 'secondsToLimit', unit: 's', min: 1, max: 1e6 },
  { ending: 'Bytes', unit: 'B', min: 0, max: 1e15 },
  { ending: 'Packets', unit: 'packets', min: 1, max: 1e6, whole: true },
  { ending: 'replicasMax', unit: 'replicas', min: 1, max: Infinity, whole: true },
  { ending: 'callsMax', unit: 'calls', min: 1, max: Infinity, whole: true },
  { ending: 'Answered', unit: '0 or 1', min: 0, max: 1, whole: true },
];

/** Unit of a parameter, from its name; undefined = its name has none. */
export function parameterUnit(name: string): string | undefined {
  return suffixOf(name)?.unit;
}

/** What is wrong with a value for a parameter of a fault; undefined = nothing. */
export function parameterProblem(name: string, value: number): string | undefined {
  const suffix = suffixOf(name);
  if (suffix === undefined) return undefined;
  if (value < suffix.min) return `must be at least ${suffix.min}`;
  if (value > suffix.max) return `must be at most ${suffix.max}`;
  return suffix.whole === true && !Number.isInteger(value) ? 'must be a whole number' : undefined;
}

/** The values that make sense for a parameter, from its name; without a `max` there is no highest one. */
export function parameterBounds(name: string): {
  readonly min: number;
  readonly max?: number;
  readonly whole: boolean;
} {
  const { min, max, whole = false } = suffixOf(name) ?? { min: 0, max: Infinity };
  return { min, whole, ...(max === Infinity ? {} : { max }) };
}

/** A value of a parameter in words. */
export function parameterText(value: number): string {
  return value === Infinity ? 'all that chaos may touch' : String(value);
}

function suffixOf(name: string): Suffix | undefined {
  return suffixes.find(({ ending }) => name.endsWith(ending));
}
