/** Reads a file of calls seen in a running system; a new format is a folder and a line here. */
import { assert, DeeplOpsError } from '../../../base/index.ts';
import type { ManifestFile } from '../system-format.ts';
import { callListFormat } from './call-list/read-call-list.ts';
import type { SeenCallFormat, SeenCalls } from './seen-calls.ts';
import { traceSpansFormat } from './trace-spans/read-trace-spans.ts';

/** The first that a text looks like is taken. */
const formats: readonly SeenCallFormat[] = [traceSpansFormat, callListFormat];

/** Longest text accepted, in UTF-16 units: some hundred thousand spans. */
const LENGTH_MAX: number = 64 * 1024 * 1024;

/** What the file says. Throws EDGES_INVALID with line and, where there is one, column. */
export function readSeenCalls(file: ManifestFile): SeenCalls {
  if (file.text.length > LENGTH_MAX) {
    const message = `the text is longer than ${LENGTH_MAX / 1024 / 1024} MiB`;
    throw new DeeplOpsError('EDGES_INVALID', message, { place: { file: file.name }, hint: 'Give a sample of it.' });
  }
  const format = formats.find(({ matches }) => matches(file.text));
  assert(format !== undefined, 'the last format takes any text');
  return format.read(file);
}
