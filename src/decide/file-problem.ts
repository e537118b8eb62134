/** Complaints about documents handed to the order model, each named by its path and placed where a place is known. */

import type { z } from 'zod';
import { DeeplOpsError, type ErrorCode, type ErrorPlace, nearestName } from '../base/index.ts';

/** Keys and indices from the root. */
export type DocumentPath = readonly (string | number)[];

/** Where a part of a document stands; documents made by programs have no places. */
export type Locate = (path: DocumentPath) => ErrorPlace | undefined;

/** How to complain. */
export interface ProblemOptions {
  readonly code: ErrorCode;
  readonly locate?: Locate | undefined;
  /** Instead of what the code advises. */
  readonly hint?: string;
}

/** Checks a document against its schema; the first problem is thrown under the code. */
export function checkDocument<T>(value: unknown, options: ProblemOptions & { readonly schema: z.ZodType<T> }): T {
  const result = options.schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
  throw problemAt(path, issue?.message ?? 'is not what is expected here', options);
}

/** A problem at a place of a document. */
export function problemAt(path: DocumentPath, message: string, { code, locate, hint }: ProblemOptions): DeeplOpsError {
  const place = locate?.(path);
  const name = path.join('.');
  return new DeeplOpsError(code, name === '' ? message : `${name}: ${message}`, {
    ...(place === undefined ? {} : { place }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** `; did you mean readyRatio?`, or nothing where no name is near. */
export function meant(name: string, known: Iterable<string>): string {
  const guess = nearestName(name, known);
  return guess === undefined ? '' : `; did you mean ${guess}?`;
}
