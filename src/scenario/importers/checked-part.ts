/** Checks one part of a file to import against the little of its format that matters, and says where it is wrong. */
import type { z } from 'zod';
import { DeeplOpsError } from '../../base/index.ts';
import { pathText } from '../scenario-error.ts';
import type { YamlPath, YamlSource } from '../yaml-source.ts';

/** A part of a document: what it says, and where it stands. */
export interface DocumentPart {
  readonly value: unknown;
  readonly path: YamlPath;
  readonly source: YamlSource;
}

/** Longest part of a file that a message repeats. */
const QUOTED_MAX = 80;

/** The part, typed. Throws MANIFEST_INVALID at the first field that is wrong; `subject` names the part in the message. */
export function checkedPart<T>(schema: z.ZodType<T>, part: DocumentPart, subject: string): T {
  const result = schema.safeParse(part.value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue?.code === 'invalid_key') {
    const problem = issue.issues[0]?.message ?? issue.message;
    throw invalidPart(part, path, { subject, problem, at: 'key' });
  }
  throw invalidPart(part, path, { subject, problem: issue?.message ?? 'is not understood' });
}

/** What is wrong with a part. */
interface PartProblem {
  /** Names the part in the message. */
  readonly subject: string;
  readonly problem: string;
  readonly hint?: string;
  readonly at?: 'key' | 'value';
}

/** MANIFEST_INVALID at a field of a part. */
export function invalidPart(
  part: DocumentPart,
  path: YamlPath,
  { subject, problem, hint, at }: PartProblem,
): DeeplOpsError {
  const field = quoted(pathText(path));
  const words = [quoted(subject), field].filter((word) => word !== '').join(' ');
  const place = part.source.locate([...part.path, ...path], at);
  return new DeeplOpsError('MANIFEST_INVALID', `${words || 'a document'}: ${problem}`, {
    place,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The text, or its beginning where it is too long for a message. */
function quoted(text: string): string {
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX - 3)}...` : text;
}
