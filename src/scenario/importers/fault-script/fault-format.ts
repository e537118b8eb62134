/** What a format of experiments on a running system is: a folder that reads it, and a line in the catalogue. */
import type { ManifestFile } from '../system-format.ts';
import type { BaseSystem } from './base-system.ts';
import type { FaultTimeline } from './fault-draft.ts';

/** A format. */
export interface FaultFormat {
  readonly name: string;
  /** What its files are called. */
  readonly files: string;
  /** What the files do to a system, taken together; what it cannot be is listed as refused. */
  read(files: readonly ManifestFile[], base: BaseSystem): FaultTimeline;
}
