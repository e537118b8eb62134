/**
 * The cold start of a training run. There is no checkpoint before its end: killed earlier, it starts again, and ends the
 * same.
 */

import { encodeCheckpoint } from '../checkpoint.ts';
import { evaluates } from '../evaluation-panel.ts';
import { publishAgents } from '../publish-agents.ts';
import type { RunFolder } from '../run-folder-file.ts';
import type { Trainer } from '../trainer.ts';
import type { ColdStartProgress } from './cold-start.ts';
import { ColdStartFolder } from './cold-start-folder-file.ts';
import { coldStartRow } from './cold-start-metrics.ts';
import type { Demonstrations } from './demonstrations.ts';

/** How to run it. */
export interface ColdStartRunOptions {
  readonly folder: RunFolder;
  /** By role; asked for when they are needed, and only by a run whose settings have a cold start. */
  readonly demonstrations?: (() => Readonly<Record<string, readonly Demonstrations[]>>) | undefined;
  readonly clockSeconds: () => number;
  readonly signal?: AbortSignal;
  readonly onColdStart?: ((progress: ColdStartProgress) => void) | undefined;
}

/** Runs it, evaluates what came out and writes the first checkpoint; false when the signal came before. */
export async function runColdStart(trainer: Trainer, options: ColdStartRunOptions): Promise<boolean> {
  const { folder, clockSeconds, signal } = options;
  const { settings } = trainer;
  if (Object.keys(settings.coldStart).length === 0) return true;
  const start = clockSeconds();
  const own = new ColdStartFolder(folder.path);
  let epochs = 0;
  const whole = await trainer.coldStart({
    demonstrations: options.demonstrations?.() ?? {},
    proceed: async (progress) => {
      if (progress.kind === 'imitated') {
        own.appendMetrics(coldStartRow(progress, { epochs: ++epochs, elapsedSeconds: clockSeconds() - start }));
      }
      options.onColdStart?.(progress);
      // Lets signals and messages through.
      await new Promise((resolve) => setImmediate(resolve));
      return signal?.aborted !== true;
    },
  });
  if (!whole) return false;
  for (const [role, coldStart] of Object.entries(settings.coldStart)) {
    const agent = trainer.agent(role, `${role}-${settings.seed}-imitated`);
    own.writeAgent(agent, { ...folder.card.about, seed: settings.seed, coldStart });
  }
  // Play may make worse what was imitated: then that is the best agent.
  if (evaluates(settings)) await trainer.evaluator.evaluate(trainer.iteration, trainer.steps);
  folder.writeCheckpoint(encodeCheckpoint(trainer, folder.task));
  publishAgents(trainer, folder);
  return true;
}
