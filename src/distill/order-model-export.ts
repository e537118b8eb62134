/** An order model in full: rules from the network, situations to compare with, limits of its knowledge, and all files. */

import { assert } from '../base/index.ts';
import { type AbstentionLimits, type ModelFiles, readOrderModel } from '../decide/index.ts';
import { signalCatalogue } from '../environment/index.ts';
import { type OrderModelFiles, type OrderModelOrigin, orderModelFiles } from '../model/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { decisionOf } from './decision-notes.ts';
import { type DistillOptions, type DistillProgress, distillRules } from './distill.ts';
import type { DistillReport } from './distill-report.ts';
import { type HiddenSignals, measureHiding } from './hidden-signals.ts';

/** Beyond a minute the age of a sample is not told any more: the feature is full. */
const AGE_SECONDS_MAX = 60;

/** What an export with rules needs to know besides the agent. */
export interface FullExport {
  readonly origin: Omit<OrderModelOrigin, 'decision' | 'signals'>;
  readonly distill: DistillOptions;
  /** Where the episodes were played, for the card. */
  readonly played: { readonly scenarios: readonly string[]; readonly chaos: readonly string[] };
  /** The longest episode, in seconds. */
  readonly episodeSeconds: number;
}

/** The files, and what making the rules brought to light. */
export interface ExportedOrderModel {
  readonly files: OrderModelFiles;
  readonly report: DistillReport;
}

/** Makes the files, yielding after each episode and each question. */
export function* exportOrderModel(
  agent: NeuralAgent,
  options: FullExport,
): Generator<DistillProgress, ExportedOrderModel> {
  const distilled = yield* distillRules(agent, options.distill);
  const files = (limits: AbstentionLimits, hidden?: HiddenSignals): OrderModelFiles =>
    orderModelFiles(agent, {
      ...options.origin,
      signals: signalCatalogue(),
      decision: decisionOf(distilled, { limits, hidden, played: options.played, agent: agent.name }),
    });
  const ages = { ageSecondsMax: AGE_SECONDS_MAX, alertAgeSecondsMax: options.episodeSeconds };
  const draft = readOrderModel(inMemory(files({ ...ages, knownShareMin: 0, agreementMin: 0 })));
  const hidden = yield* measureHiding(draft, distilled.situations);
  const { knownShareMin, agreementMin } = hidden;
  return { files: files({ ...ages, knownShareMin, agreementMin }, hidden), report: distilled.report };
}

/** Files that have not been written yet. */
function inMemory(files: OrderModelFiles): ModelFiles {
  const bytes = (name: string): Uint8Array => {
    const content = files[name];
    assert(content !== undefined, `an export has a file ${name}`);
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return { folder: '', bytes, text: (name) => new TextDecoder().decode(bytes(name)) };
}
