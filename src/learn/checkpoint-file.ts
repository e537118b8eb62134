/**
 * Checkpoints on disk: the last one and the one before it. Each is written aside, forced to the disk and then renamed,
 * so that whenever the program is killed, a whole checkpoint is there.
 */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DeeplOpsError } from '../base/index.ts';

const LATEST = 'latest.checkpoint';
const PREVIOUS = 'previous.checkpoint';
const DAMAGED = 'damaged.checkpoint';

/** Replaces the folder's last checkpoint, which becomes the previous one; OUTPUT_UNWRITABLE when that fails. */
export function writeCheckpointFile(folder: string, bytes: Uint8Array): void {
  const latest = join(folder, LATEST);
  const unfinished = `${latest}.unfinished`;
  try {
    mkdirSync(folder, { recursive: true });
    writeDurably(unfinished, bytes);
    if (existsSync(latest)) renameSync(latest, join(folder, PREVIOUS));
    renameSync(unfinished, latest);
    syncFolder(folder);
  } catch (cause) {
    removeIfPossible(unfinished);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeeplOpsError('OUTPUT_UNWRITABLE', `cannot write here: ${reason}`, { place: { file: latest }, cause });
  }
}

/** The checkpoints in a folder, the newest first; killed between two renames, only the previous one is there. */
export function checkpointFiles(folder: string): readonly string[] {
  return [join(folder, LATEST), join(folder, PREVIOUS)].filter((file) => existsSync(file));
}

/** Renames a checkpoint that is damaged, so that it never becomes the previous one in place of a whole one. */
export function setCheckpointAside(file: string): void {
  renameSync(file, join(dirname(file), DAMAGED));
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

/** Half a checkpoint only takes the space that is short. */
function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The failed write is what the user must hear about.
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
