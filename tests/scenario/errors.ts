/** Catches the error a test expects. */
import { DeeplOpsError } from '../../src/base/index.ts';

/** The `DeeplOpsError` that the work throws; anything else fails the test. */
export function errorOf(work: () => unknown): DeeplOpsError {
  try {
    work();
  } catch (error) {
    if (error instanceof DeeplOpsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
