/** What the benchmark's main thread and its workers say to each other. */

import type { ErrorCode } from '../base/index.ts';
import type { EpisodeOutcome } from './block-runner.ts';
import type { Suite } from './suite.ts';

/** What a worker is started with. */
export interface WorkerTask {
  readonly suite: Suite;
  readonly agentsFolder: string | undefined;
}

/** A block's outcomes, or the user's mistake that prevented them. */
export type WorkerAnswer =
  | { readonly outcomes: EpisodeOutcome[] }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string } };
