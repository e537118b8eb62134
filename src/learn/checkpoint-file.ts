/**
 * Checkpoints on disk: the last one and the one before it. Each is written aside, forced to the disk and then renamed,
 * so that whenever the program is killed, a whole checkpoint is there.
 */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DeeplOpsError, readBytesFile } from '../base/index.ts';

const LATEST = 'latest.checkpoint';
const PREVIOUS = 'previous.checkpoint';

/** Replaces the folder's last checkpoint, which becomes the previous one; OUTPUT_UNWRITABLE when that fails. */
export function writeCheckpointFile(folder: string, bytes: Uint8Array): void {
  const latest = join(folder, LATEST);
  try {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${latest}.unfinished`;
    writeDurably(unfinished, bytes);
    if (existsSync(latest)) renameSync(latest, join(folder, PREVIOUS));
    renameSync(unfinished, latest);
    syncFolder(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeeplOpsError('OUTPUT_UNWRITABLE', `cannot write here: ${reason}`, { place: { file: latest }, cause });
  }
}

/** Bytes and name of the newest checkpoint in a folder; killed between two renames, only the previous one is there. */
export function readCheckpointFile(folder: string): { readonly bytes: Uint8Array; readonly file: string } {
  const latest = join(folder, LATEST);
  const previous = join(folder, PREVIOUS);
  const file = !existsSync(latest) && existsSync(previous) ? previous : latest;
  return { bytes: readBytesFile(file), file };
}

function writeDurably(file: string, bytes: Uint8Array): void {
  const handle = openSync(file, 'w');
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes the renames themselves durable, where the system lets a folder be opened. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
