/** Holds the times of documents against the moment of the decision and against each other. */

import { parseInstant } from '../base/index.ts';
import type { AlertWebhook } from './alert-document.ts';
import { type DocumentPath, type Locate, problemAt } from './file-problem.ts';
import type { RepairRecord, SignalsDocument } from './signals-document.ts';

/** Clocks of different machines may be so far apart. What lies farther ahead has not happened yet. */
const SKEW_SECONDS = 30;

/** The moment of the decision, and places for complaints. */
export interface TimeCheck {
  readonly nowMillis: number;
  readonly now: string;
  readonly locate: Locate | undefined;
}

/** SIGNALS_INVALID where a signals document speaks of what has not happened yet, or of a repair that ends before it starts. */
export function checkDocumentTimes({ at, components }: SignalsDocument, check: TimeCheck): void {
  notAhead(['at'], at, check);
  for (const [name, { at: sampled, repairs }] of Object.entries(components)) {
    if (sampled !== undefined) notAhead(['components', name, 'at'], sampled, check);
    repairs.forEach((repair, index) => {
      checkRepair(['components', name, 'repairs', index], repair, check);
    });
  }
}

/** SIGNALS_INVALID where an alert fires that has not begun yet. */
export function checkAlertTimes({ alerts }: AlertWebhook, check: TimeCheck): void {
  alerts.forEach(({ status, startsAt }, index) => {
    if (status === 'firing') notAhead(['alerts', index, 'startsAt'], startsAt, check);
  });
}

function checkRepair(path: DocumentPath, { startedAt, endedAt, inProgress }: RepairRecord, check: TimeCheck): void {
  const problem = (field: string, message: string) =>
    problemAt([...path, field], message, { code: 'SIGNALS_INVALID', locate: check.locate });
  notAhead([...path, 'startedAt'], startedAt, check);
  if (endedAt === undefined) return;
  notAhead([...path, 'endedAt'], endedAt, check);
  if ((parseInstant(endedAt) ?? 0) < (parseInstant(startedAt) ?? 0)) {
    throw problem('endedAt', `${endedAt} lies before startedAt, ${startedAt}`);
  }
  if (inProgress) throw problem('inProgress', 'what has ended is not in progress any more');
}

function notAhead(path: DocumentPath, instant: string, { nowMillis, now, locate }: TimeCheck): void {
  const secondsAhead = ((parseInstant(instant) ?? nowMillis) - nowMillis) / 1000;
  if (secondsAhead <= SKEW_SECONDS) return;
  throw problemAt(path, `${instant} lies ${Math.round(secondsAhead)} s after the moment of the decision, ${now}`, {
    code: 'SIGNALS_INVALID',
    locate,
    hint: 'Correct the time or the clocks; for a document of another time, give its moment as now.',
  });
}
