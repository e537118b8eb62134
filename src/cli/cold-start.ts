/** The cold start on the command line: what `--imitate` means, and its progress. */

import type { ColdStartProgress, TrainSettings } from '../learn/index.ts';
import { hasRecordingName } from '../replay/index.ts';
import type { CommandContext } from './command.ts';
import type { ProgressUpdate } from './progress.ts';

/** Settings as a user writes them, with the demonstrations that `--imitate` names for order. */
export function withImitation(settings: object, imitate: readonly string[] | undefined): object {
  if (imitate === undefined) return settings;
  const recordings = imitate.filter(hasRecordingName);
  const policies = imitate.filter((word) => !hasRecordingName(word));
  const demonstrations = [
    ...policies.map((policy) => ({ policy })),
    ...(recordings.length > 0 ? [{ recordings }] : []),
  ];
  const { coldStart = {} } = settings as { coldStart?: { order?: object } };
  return { ...settings, coldStart: { ...coldStart, order: { ...coldStart.order, demonstrations } } };
}

/** Shows a bar for each stretch of demonstrations and of imitation. */
export function coldStartProgress(
  settings: TrainSettings,
  progress: CommandContext['progress'],
): (news: ColdStartProgress) => void {
  let shown = '';
  let update: ProgressUpdate = () => {};
  const show = (label: string, total: number): void => {
    if (label !== shown) update = progress(label, total);
    shown = label;
  };
  return (news) => {
    if (news.kind === 'demonstrated') {
      show(`${news.role}: demonstrations`, news.episodesTotal);
      update(news.episodes);
      return;
    }
    const { role, round, epoch } = news;
    const { epochs, rounds } = settings.coldStart[role] ?? { epochs: epoch, rounds: round };
    show(`${role}: imitation`, epochs * rounds);
    update((round - 1) * epochs + epoch, heldOutNote(news));
  };
}

function heldOutNote({ heldOut }: ColdStartProgress & { readonly kind: 'imitated' }): string {
  if (heldOut === undefined) return '';
  const { accuracy, actionAccuracy } = heldOut;
  const acted = actionAccuracy === undefined ? '' : `, ${percent(actionAccuracy)} where somebody acted`;
  return `agrees in ${percent(accuracy)} of the held-out decisions${acted}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
