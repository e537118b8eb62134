/** Schema pieces that all kinds of Chaos Mesh share: quantities, selectors, and objects with fields we do not read. */
import { z } from 'zod';
import { bytesPerSecond, goSeconds, percentRatio } from './chaos-quantity.ts';

const IS_LIST = { error: 'must be a list' };
const IS_MAP = { error: 'must be a map' };

/** Manifests write empty fields as nothing at all; that is the same as leaving them out. */
export function maybe<T extends z.ZodType>(schema: T): z.ZodOptional<z.ZodNullable<T>> {
  return schema.nullish();
}

/** Numbers and switches are often unquoted where text is wanted. */
export const text: z.ZodType<string, unknown> = z
  .union([z.string(), z.number(), z.boolean()], { error: 'must be text' })
  .transform(String);
export const texts: z.ZodType<string[], unknown> = z.array(text, IS_LIST);
export const labels: z.ZodType<Record<string, string>, unknown> = z.record(z.string(), text, IS_MAP);

/** A map of which only these fields matter. */
export function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$loose> {
  return z.looseObject(shape, IS_MAP);
}

/** A duration of 0 or more, in seconds. */
export const duration: z.ZodType<number, unknown> = read(
  (written) => positive(goSeconds(written)),
  'a duration such as 30s or 1m30s',
);
/** A duration that may be negative, in seconds. */
export const offset: z.ZodType<number, unknown> = read(goSeconds, 'a duration such as -10m or 30s');
/** A percentage, as a share. */
export const ratio: z.ZodType<number, unknown> = read(percentRatio, 'a percentage from 0 to 100');
/** Bytes per second. */
export const rate: z.ZodType<number, unknown> = read(bytesPerSecond, 'a rate such as 100kbps or 1mbit');

/** A whole number, also in quotes. */
export function whole(bounds: { readonly min: number; readonly max: number }): z.ZodType<number, unknown> {
  const { min, max } = bounds;
  return read((written) => {
    const value = /^-?\d{1,16}$/.test(written) ? Number(written) : Number.NaN;
    return value >= min && value <= max ? value : null;
  }, `a whole number from ${min} to ${max}`);
}

function read(parse: (written: string) => number | null, what: string): z.ZodType<number, unknown> {
  return z.union([z.string(), z.number()], { error: `must be ${what}` }).transform((written, context) => {
    const value = parse(String(written).trim());
    if (value !== null) return value;
    const shown = JSON.stringify(String(written).slice(0, 40));
    context.addIssue({ code: 'custom', message: `${shown} is not ${what}` });
    return z.NEVER;
  });
}

function positive(value: number | null): number | null {
  return value !== null && value >= 0 && value <= 1e7 ? value : null;
}

/** How many of what is selected. */
export const modes = ['one', 'all', 'fixed', 'fixed-percent', 'random-max-percent'] as const;
export type Mode = (typeof modes)[number];

interface Requirement {
  key: string;
  operator: string;
  values?: string[] | null | undefined;
}

/** What is selected. */
export interface Selector {
  namespaces?: string[] | null | undefined;
  labelSelectors?: Record<string, string> | null | undefined;
  expressionSelectors?: Requirement[] | null | undefined;
  fieldSelectors?: Record<string, string> | null | undefined;
  annotationSelectors?: Record<string, string> | null | undefined;
  podPhaseSelectors?: string[] | null | undefined;
  nodes?: string[] | null | undefined;
  nodeSelectors?: Record<string, string> | null | undefined;
  pods?: Record<string, string[]> | null | undefined;
}

/** A selector and how many of what it selects. */
export interface PodSelector {
  selector: Selector;
  mode: Mode;
  /** Pods, or percent of them. */
  value?: number | null | undefined;
  containerNames?: string[] | null | undefined;
}

const requirement = fields({ key: text, operator: text, values: maybe(texts) });

const selector: z.ZodType<Selector, unknown> = fields({
  namespaces: maybe(texts),
  labelSelectors: maybe(labels),
  expressionSelectors: maybe(z.array(requirement, IS_LIST)),
  fieldSelectors: maybe(labels),
  annotationSelectors: maybe(labels),
  podPhaseSelectors: maybe(texts),
  nodes: maybe(texts),
  nodeSelectors: maybe(labels),
  pods: maybe(z.record(z.string(), texts, IS_MAP)),
});

type SelectorFields<Names extends keyof PodSelector> = {
  readonly [K in Names]-?: z.ZodType<PodSelector[K], unknown>;
};

/** The fields of every kind that selects pods. */
export const podSelectorFields: SelectorFields<'selector' | 'mode' | 'value'> = {
  selector,
  mode: z.enum(modes, { error: `must be one of ${modes.join(', ')}` }),
  value: maybe(whole({ min: 1, max: 100_000 })),
};

/** The fields of every kind that selects containers of pods; traffic is that of whole pods. */
export const containerSelectorFields: SelectorFields<keyof PodSelector> = {
  ...podSelectorFields,
  containerNames: maybe(texts),
};

/** A selector within another kind's fields. */
export const podSelector: z.ZodType<PodSelector, unknown> = fields(podSelectorFields);
