/** A list of calls as comma-separated values: `caller,callee,count` a line, with or without these words as a header. */
import { DeeplOpsError } from '../../../../base/index.ts';
import type { ManifestFile } from '../../system-format.ts';
import type { SeenCallFormat, SeenCalls } from '../seen-calls.ts';

/** Takes any text: what is no list is answered with the line that is not one. */
export const callListFormat: SeenCallFormat = { name: 'CSV', matches: () => true, read };

/** Most lines with a call. */
const CALLS_MAX = 1_000_000;
const COUNT_MAX = 1e15;

/** Empty lines and those that begin with `#` are left out. A line without a caller is traffic from outside. */
function read({ name, text }: ManifestFile): SeenCalls {
  const counts = new Map<string, Map<string, number>>();
  const requests = new Map<string, number>();
  let calls = 0;
  let isFirst = true;
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const place = { file: name, line: index + 1 };
    const fields = fieldsOf(line, place);
    const isHeader = isFirst && fields[0]?.toLowerCase() === 'caller';
    isFirst = false;
    if (isHeader) continue;
    calls += 1;
    if (calls > CALLS_MAX) throw invalid(`there are more than ${CALLS_MAX} calls`, place);
    const { caller, callee, count } = callOf(fields, place);
    requests.set(callee, (requests.get(callee) ?? 0) + count);
    if (caller === '') continue;
    const callees = counts.get(caller) ?? new Map<string, number>();
    callees.set(callee, (callees.get(callee) ?? 0) + count);
    counts.set(caller, callees);
  }
  if (calls === 0) throw invalid('there is no call in this file', { file: name });
  const list = [...counts].flatMap(([caller, callees]) =>
    [...callees].map(([callee, count]) => ({ caller, callee, count })),
  );
  return { file: name, calls: list, requests, notes: [] };
}

interface LinePlace {
  readonly file: string;
  readonly line?: number;
}

function callOf(fields: readonly string[], place: LinePlace) {
  const [caller = '', callee = '', written = ''] = fields;
  if (fields.length !== 3) throw invalid(`has ${fields.length} fields instead of caller,callee,count`, place);
  if (callee === '') throw invalid('names no callee', place);
  const count = written === '' ? Number.NaN : Number(written);
  if (!(count >= 0 && count <= COUNT_MAX)) throw invalid(`${quoted(written)} is not a count of calls`, place);
  return { caller, callee, count };
}

/** The fields of a line, trimmed; a field in double quotes may hold commas, and `""` for a quote. */
function fieldsOf(line: string, place: LinePlace): string[] {
  const fields: string[] = [];
  const pattern = /(?:\s*"((?:[^"]|"")*)"\s*|([^",]*))(,|$)/y;
  for (;;) {
    const match = pattern.exec(line);
    if (match === null) throw invalid('has a quote that is not closed or stands in the middle of a field', place);
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
    if (match[3] === '' || fields.length > 3) return fields;
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}

function invalid(message: string, place: LinePlace): DeeplOpsError {
  const where = place.line === undefined ? message : `line ${place.line} ${message}`;
  return new DeeplOpsError('EDGES_INVALID', where, { place });
}
