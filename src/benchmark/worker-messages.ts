/** What the benchmark's main thread and its workers say to each other. */

import type { ErrorCode } from '../base/index.ts';
import type { Suite } from './suite.ts';
import type { EpisodeOutcome } from './task-runner.ts';

/** What a worker is started with. */
export interface WorkerTask {
  readonly suite: Suite;
  readonly agentsFolder: string | undefined;
}

/** An episode's outcome, or the user's mistake that prevented it. */
export type WorkerAnswer =
  | { readonly outcome: EpisodeOutcome }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string } };
