/** Calls seen in a running system, whatever file they were counted in. */
import type { ManifestFile } from '../system-format.ts';

/** Calls between two services. */
export interface SeenCall {
  readonly caller: string;
  readonly callee: string;
  /** 0 = there is no such call. */
  readonly count: number;
}

/** What one file says. */
export interface SeenCalls {
  readonly file: string;
  /** One per pair of services. */
  readonly calls: readonly SeenCall[];
  /** Requests that a service took while the calls were counted; a service that is not here: unknown. */
  readonly requests: ReadonlyMap<string, number>;
  /** What of the file did not count, for the report. */
  readonly notes: readonly string[];
}

/** A format of such files: a folder that reads it, and a line in the catalogue. */
export interface SeenCallFormat {
  readonly name: string;
  /** Whether a text looks like one of this format. */
  matches(text: string): boolean;
  read(file: ManifestFile): SeenCalls;
}
