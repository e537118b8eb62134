/** Schema pieces for the fields of a scenario file: quantities with bounds, names, and sections with known keys. */
import { z } from 'zod';
import { nearestName } from '../base/index.ts';
import type { Quantity } from './document.ts';
import { parseQuantity, type QuantityKind, quantityExamples, quantityPattern } from './units.ts';

/** Bounds in the base unit; without `min` or `above`, zero and more. `word` is text allowed instead of a quantity. */
export interface QuantityBounds {
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly word?: string;
}

const MAX: Record<QuantityKind, number> = {
  duration: 1e7,
  bytes: 1e15,
  cores: 1e5,
  bandwidth: 1e12,
  rate: 1e7,
  ratio: 1,
};

/** A quantity of this kind within its bounds. */
export function quantity(kind: QuantityKind, bounds: QuantityBounds = {}): z.ZodType<Quantity> {
  const examples = bounds.word === undefined ? quantityExamples(kind) : `${quantityExamples(kind)}, or ${bounds.word}`;
  // For editors only: the program itself reads the text, and says more than that a pattern does not fit.
  const text = z.string().meta({ pattern: quantityPattern(kind, bounds.word) });
  return z
    .union([z.number().meta(numberBounds(kind, bounds)), text], { error: `write ${examples}` })
    .superRefine((value, context) => {
      const problem = value === bounds.word ? null : quantityProblem(kind, value, bounds, examples);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .meta({ description: `${kind}: ${examples}` });
}

/** A plain number within its bounds. */
export function amount(bounds: { min?: number; above?: number; max: number }): z.ZodType<number> {
  const { above, max } = bounds;
  const number = z.number({ error: 'write a number' }).max(max, { error: `must be at most ${max}` });
  return above === undefined
    ? number.min(bounds.min ?? 0, { error: atLeast(bounds.min ?? 0) })
    : number.gt(above, { error: `must be more than ${above}` });
}

/** A whole number within its bounds. */
export function count(bounds: { min: number; max: number }): z.ZodType<number> {
  return z
    .int({ error: 'write a whole number' })
    .min(bounds.min, { error: atLeast(bounds.min) })
    .max(bounds.max, { error: `must be at most ${bounds.max}` });
}

/** A name as Kubernetes allows it, and `_`. It has a letter: maps would put keys that are whole numbers first. */
export const nameSchema: z.ZodType<string, string> = z
  .string({ error: 'write a name' })
  .regex(/^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/, {
    error:
      'a name has letters, digits, ".", "_" and "-", at least one letter, and starts and ends with a letter or digit',
  });

/** A map with these keys and no others; an unknown key is answered with the nearest known one. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return unknownKey(String(issue.keys?.[0]), known);
      if (issue.code !== 'invalid_type') return undefined;
      return issue.input === null
        ? 'is empty; write its fields, or {} to take every default'
        : `must be a map of fields (${known.slice(0, 4).join(', ')} ...)`;
    },
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  const shown = key.length > 80 ? `${key.slice(0, 77)}...` : key;
  const advice = nearest === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `unknown key ${shown}; ${advice}`;
}

/** The bounds of a quantity as JSON Schema has them for a plain number, which is in the base unit. */
function numberBounds(kind: QuantityKind, { min = 0, above, max = MAX[kind] }: QuantityBounds): Record<string, number> {
  return above === undefined ? { minimum: min, maximum: max } : { exclusiveMinimum: above, maximum: max };
}

function quantityProblem(kind: QuantityKind, value: Quantity, bounds: QuantityBounds, examples: string): string | null {
  const number = parseQuantity(kind, value);
  if (number === null) return `cannot read ${JSON.stringify(value).slice(0, 80)}; write ${examples}`;
  const max = bounds.max ?? MAX[kind];
  if (bounds.above !== undefined && number <= bounds.above) return `must be more than ${bounds.above}, but is ${value}`;
  if (number < (bounds.min ?? 0)) return `${atLeast(bounds.min ?? 0)}, but is ${value}`;
  if (number > max) return `must be at most ${max}, but is ${value}${kind === 'ratio' ? `; write ${examples}` : ''}`;
  return null;
}

function atLeast(min: number): string {
  return min === 0 ? 'must not be negative' : `must be at least ${min}`;
}
