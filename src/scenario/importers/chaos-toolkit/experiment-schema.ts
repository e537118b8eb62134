/** The parts of a Chaos Toolkit experiment that the importer reads; everything else may be anything. */
import { z } from 'zod';
import { fieldsLike, harmless, unread } from '../unread-fields.ts';

type Maybe<T> = T | null | undefined;

/** A step of the method or of the rollbacks, or a reference to one by its name. */
export interface Activity {
  type?: Maybe<string>;
  name?: Maybe<string>;
  ref?: Maybe<string>;
  background?: Maybe<boolean>;
  provider?: Maybe<Provider>;
  pauses?: Maybe<{ before?: Maybe<number>; after?: Maybe<number> }>;
}

interface Provider {
  type: string;
  module?: Maybe<string>;
  func?: Maybe<string>;
  path?: Maybe<string>;
  url?: Maybe<string>;
  arguments?: unknown;
}

/** An experiment. */
export interface Experiment {
  title: string;
  method: Activity[];
  rollbacks?: Maybe<Activity[]>;
  runtime?: Maybe<{ rollbacks?: Maybe<{ strategy?: Maybe<string> }> }>;
  'steady-state-hypothesis'?: Maybe<{ title?: Maybe<string>; probes?: Maybe<Activity[]> }>;
}

const IS_LIST = { error: 'must be a list of activities' };
const IS_MAP = { error: 'must be a map' };
export const text: z.ZodType<string, unknown> = z
  .union([z.string(), z.number(), z.boolean()], { error: 'must be text' })
  .transform(String);

/** Configuration comes as text from the environment, so numbers may be in quotes. */
export function number(bounds: { readonly min: number; readonly max: number }): z.ZodType<number, unknown> {
  const { min, max } = bounds;
  return z
    .union([z.number(), z.string()], { error: `must be a number from ${min} to ${max}` })
    .transform((written, context) => {
      const value = typeof written === 'number' ? written : Number(written.trim() || Number.NaN);
      if (value >= min && value <= max) return value;
      context.addIssue({ code: 'custom', message: `must be a number from ${min} to ${max}` });
      return z.NEVER;
    });
}

/** True and false, also in words. */
export const yesOrNo: z.ZodType<boolean, unknown> = z
  .union([z.boolean(), z.string()], { error: 'must be true or false' })
  .transform((written) => String(written).toLowerCase() === 'true');

const dry = unread('what would only be rehearsed is imported as if it were run');

const pause = number({ min: 0, max: 1e6 }).nullish();

const activity: z.ZodType<Activity, unknown> = z.looseObject(
  {
    type: text.nullish(),
    name: text.nullish(),
    ref: text.nullish(),
    background: yesOrNo.nullish(),
    provider: z
      .looseObject(
        {
          type: text,
          module: text.nullish(),
          func: text.nullish(),
          path: text.nullish(),
          url: text.nullish(),
          arguments: z.unknown().optional(),
          // Of processes, requests and credentials, none of which there are here.
          ...fieldsLike(harmless, 'secrets', 'timeout', 'env', 'method', 'headers', 'expected_status', 'verify_tls'),
          ...fieldsLike(harmless, 'proxies', 'auth', 'max_retries'),
        },
        IS_MAP,
      )
      .nullish(),
    pauses: z.looseObject({ before: pause, after: pause }, IS_MAP).nullish(),
    ...fieldsLike(harmless, 'controls', 'configuration', 'secrets', 'tolerance', 'tags', 'description', 'timeout'),
    dry,
  },
  IS_MAP,
);

export const experimentSchema: z.ZodType<Experiment, unknown> = z.looseObject(
  {
    title: text,
    method: z.array(activity, IS_LIST),
    rollbacks: z.array(activity, IS_LIST).nullish(),
    'steady-state-hypothesis': z
      .looseObject({ title: text.nullish(), probes: z.array(activity, IS_LIST).nullish(), controls: harmless }, IS_MAP)
      .nullish(),
    ...fieldsLike(harmless, 'version', 'description', 'tags', 'contributions', 'configuration', 'secrets'),
    ...fieldsLike(harmless, 'controls', 'extensions'),
    runtime: z
      .looseObject({ hypothesis: harmless, rollbacks: z.looseObject({ strategy: text.nullish() }).nullish() }, IS_MAP)
      .nullish(),
    dry,
  },
  { error: 'is not a Chaos Toolkit experiment: it must be a map with `title` and `method`' },
);
