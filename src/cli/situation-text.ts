/** A moment of an episode for people. */
import type { PastAction, Situation } from '../replay/index.ts';
import { entryText } from './timeline.ts';

/** Truth first, then what users get, then what monitoring shows. */
export function situationText(situation: Situation): string {
  const { step, timeSeconds, phase, objectivesHeld, loss, faults, repairs, cluster, users, signals } = situation;
  const held = objectivesHeld ? 'objectives held' : `objectives broken (loss ${(100 * loss).toFixed(0)} %)`;
  return [
    `After step ${step}, at ${timeSeconds.toFixed(0)} s (${phase}): ${held}`,
    ...section('Faults in force', faults.map(actionText)),
    ...section('Repairs in progress', repairs.map(actionText)),
    ...section('The cluster, since the beginning', cluster.map(entryText)),
    ...section('Users, in the last step', users.map(entryText)),
    ...section(
      'Monitoring, against the beginning',
      signals.map((moved) => entryText({ kind: 'signals', timeSeconds, ...moved })),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return [`${title}:${lines.length === 0 ? ' nothing' : ''}`, ...lines.map((line) => `  ${line}`)];
}

function actionText({ verb, component, startSeconds }: PastAction): string {
  return `${verb} on ${component}, since ${startSeconds.toFixed(0)} s`;
}
