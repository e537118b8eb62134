/** The parts of OpenTelemetry's trace data that calls between services follow from; everything else may be anything. */
import { z } from 'zod';

interface Attribute {
  key: string;
  value?: { stringValue?: string | null | undefined } | null | undefined;
}

export interface Span {
  traceId: string;
  spanId: string;
  /** Empty or absent: the first span of a trace. */
  parentSpanId?: string | null | undefined;
  kind?: string | number | null | undefined;
  attributes?: Attribute[] | null | undefined;
}

interface ScopeSpans {
  spans?: Span[] | null | undefined;
}

/** Spans of one process. */
export interface ResourceSpans {
  resource?: { attributes?: Attribute[] | null | undefined } | null | undefined;
  scopeSpans?: ScopeSpans[] | null | undefined;
  /** What `scopeSpans` was called before. */
  instrumentationLibrarySpans?: ScopeSpans[] | null | undefined;
}

const IS_LIST = { error: 'must be a list' };
const IS_MAP = { error: 'must be an object' };
const identity = z.string({ error: 'must be text' }).max(64, { error: 'is too long for an identity' });

const attribute = z.looseObject(
  {
    key: z.string({ error: 'must be text' }),
    value: z.looseObject({ stringValue: z.string({ error: 'must be text' }).nullish() }, IS_MAP).nullish(),
  },
  IS_MAP,
);
const attributes = z.array(attribute, IS_LIST).nullish();

const span = z.looseObject(
  {
    traceId: identity.min(1, { error: 'is empty' }),
    spanId: identity.min(1, { error: 'is empty' }),
    parentSpanId: identity.nullish(),
    kind: z.union([z.int(), z.string()], { error: 'must be a number or a name' }).nullish(),
    attributes,
  },
  IS_MAP,
);

const scopeSpans = z.array(z.looseObject({ spans: z.array(span, IS_LIST).nullish() }, IS_MAP), IS_LIST).nullish();

export const resourceSpansSchema: z.ZodType<ResourceSpans> = z.looseObject(
  {
    resource: z.looseObject({ attributes }, IS_MAP).nullish(),
    scopeSpans,
    instrumentationLibrarySpans: scopeSpans,
  },
  IS_MAP,
);
