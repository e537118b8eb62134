/** Whether this program gives a recording's choices and state the meaning they had for the program that wrote it. */

import { DeeplOpsError } from '../base/index.ts';
import type { ContestEnvironment } from '../environment/index.ts';
import { ROLES } from './episode.ts';
import { specHashes } from './recorder.ts';
import type { RecordingHeader } from './recording.ts';

/** Names at most so many tables that are there on one side only. */
const TABLES_TOLD = 5;

/** Throws RECORDING_VERSION, saying what is other here, who wrote the recording and what can be done. */
export function checkCompatible(header: RecordingHeader, environment: ContestEnvironment): void {
  const differences = [...specDifferences(header, environment), ...tableDifferences(header, environment)];
  if (differences.length === 0) return;
  const { codeVersion, scenario, seed, agents } = header;
  const message = `${codeVersion} wrote this recording, and here it would not be the same episode: ${differences.join('; ')}`;
  const hint = `Replay it with ${codeVersion}, or record the episode again: ${scenario.name}, seed ${seed}, chaos ${agents.chaos}, order ${agents.order}.`;
  throw new DeeplOpsError('RECORDING_VERSION', message, { hint });
}

function specDifferences({ specHashes: recorded }: RecordingHeader, environment: ContestEnvironment): string[] {
  const now = specHashes(environment);
  return ROLES.flatMap((role) => [
    ...(recorded[role].observation === now[role].observation ? [] : [`${role} has another observation`]),
    ...(recorded[role].action === now[role].action ? [] : [`${role} has other actions`]),
  ]);
}

function tableDifferences({ tables }: RecordingHeader, environment: ContestEnvironment): string[] {
  const [recorded, now] = [Object.keys(tables), Object.keys(environment.stateHashes())];
  const gone = recorded.filter((table) => !now.includes(table));
  const added = now.filter((table) => !recorded.includes(table));
  return [
    ...(gone.length === 0 ? [] : [`the state has no ${listed(gone)} any more`]),
    ...(added.length === 0 ? [] : [`the state also has ${listed(added)}`]),
  ];
}

function listed(tables: readonly string[]): string {
  return `${tables.slice(0, TABLES_TOLD).join(', ')}${tables.length > TABLES_TOLD ? ' ...' : ''}`;
}
