/** Trace spans in OpenTelemetry's JSON form, one document or a document a line, as the Collector's file exporter writes. */
import { DeeplOpsError } from '../../../../base/index.ts';
import type { ManifestFile } from '../../system-format.ts';
import type { SeenCallFormat, SeenCalls } from '../seen-calls.ts';
import { SpanTable } from './span-table.ts';
import { type ResourceSpans, resourceSpansSchema } from './spans-schema.ts';

/** Looks like JSON: the other format has no line that begins so. */
export const traceSpansFormat: SeenCallFormat = {
  name: 'OTLP JSON',
  matches: (text) => /^\s*[{[]/.test(text.replace(/^\uFEFF/, '')),
  read,
};

/** Counts calls between services, and the requests that each of them took. */
function read({ name, text }: ManifestFile): SeenCalls {
  const table = new SpanTable();
  for (const { value, line } of documentsOf(text.replace(/^\uFEFF/, ''), name)) {
    const place = { file: name, ...(line === undefined ? {} : { line }) };
    for (const spans of resourceSpansOf(value, place)) addChecked(table, spans, place);
  }
  if (table.size === 0) throw invalid('there is no span in this file', { file: name });
  return { file: name, ...table.count() };
}

interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** A line that is a whole document stands alone; else the text is one document. */
function* documentsOf(text: string, file: string): Generator<{ readonly value: unknown; readonly line?: number }> {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  if (!isWhole(lines[first] ?? '')) {
    yield { value: parsed(text, (offset) => placeAt(text, offset, file)) };
    return;
  }
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const place = (offset: number): Place => ({ file, line: index + 1, column: offset + 1 });
    yield { value: parsed(line, place), line: index + 1 };
  }
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function parsed(text: string, placeOf: (offset: number) => Place): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    const offset = Number(/position (\d+)/.exec(words)?.[1] ?? text.length);
    throw new DeeplOpsError('EDGES_INVALID', 'this is not whole JSON', { place: placeOf(offset), cause });
  }
}

function placeAt(text: string, offset: number, file: string): Place {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { file, line, column: offset - before.lastIndexOf('\n') };
}

/** `{ resourceSpans: [...] }`, a list of such, or what stands in them. */
function resourceSpansOf(value: unknown, place: Place): readonly unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => (Array.isArray(item) ? [item] : resourceSpansOf(item, place)));
  if (typeof value === 'object' && value !== null) {
    if ('resourceSpans' in value && Array.isArray(value.resourceSpans)) return value.resourceSpans;
    if ('scopeSpans' in value || 'instrumentationLibrarySpans' in value) return [value];
    if ('resourceLogs' in value || 'resourceMetrics' in value) return [];
  }
  throw invalid('this is no trace data: it has neither resourceSpans nor scopeSpans', place);
}

function addChecked(table: SpanTable, value: unknown, place: Place): void {
  const result = resourceSpansSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = (issue?.path ?? []).map(String).join('.');
    throw invalid(`${path === '' ? 'the resource spans' : path}: ${issue?.message ?? 'is not understood'}`, place);
  }
  const spans: ResourceSpans = result.data;
  if (!table.add(spans)) throw invalid(`there are more than ${SpanTable.SPANS_MAX} spans`, place);
}

function invalid(message: string, place: Place): DeeplOpsError {
  return new DeeplOpsError('EDGES_INVALID', message, { place });
}
