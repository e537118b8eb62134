/** What a format of files that describe a whole system is: a folder that reads it, and a line in the catalogue. */
import type { ImportedCall, ImportedService, ImportedWorkload, ImportReport } from './application.ts';

/** A file's name and text. */
export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

/** What a format's files say. */
export interface ReadApplication {
  readonly services: readonly ImportedService[];
  readonly calls: readonly ImportedCall[];
  /** Traffic of load generators. */
  readonly generated: readonly ImportedWorkload[];
  /** Services that the outside reaches. */
  readonly exposed: readonly string[];
  /** Services with a port that the outside may use, or a developer on the same machine. */
  readonly published: readonly string[];
}

/** A format. */
export interface SystemFormat {
  readonly name: string;
  /** What its files are called. */
  readonly files: string;
  /** What the files say, taken together as one system; what they leave open goes into the report. */
  read(files: readonly ManifestFile[], report: ImportReport): ReadApplication;
}
