/** The files to import that a command line names: files as they are, folders with every YAML and JSON file in them. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DeeplOpsError, readTextFile } from '../base/index.ts';
import type { ManifestFile } from '../scenario/index.ts';

const FILES_MAX = 2000;
const FOLDERS_DEEP_MAX = 8;
/** Far more than people write, far less than there is memory. */
const FILE_BYTES_MAX: number = 64 * 1024 * 1024;
const TOTAL_LENGTH_MAX: number = 64 * 1024 * 1024;

/** Their names and texts, in order; in a folder by name. Throws FILE_NOT_FOUND, FILE_UNREADABLE or USAGE. */
export function readManifestFiles(paths: readonly string[]): ManifestFile[] {
  const names = paths.flatMap((path) => (isFolder(path) ? filesIn(path, FOLDERS_DEEP_MAX) : [path]));
  if (names.length > FILES_MAX) throw new DeeplOpsError('USAGE', `these are more than ${FILES_MAX} files`);
  let length = 0;
  return names.map((name) => {
    const text = readTextFile(name, { bytesMax: FILE_BYTES_MAX });
    length += text.length;
    if (length <= TOTAL_LENGTH_MAX) return { name, text };
    const message = `the files are longer than ${TOTAL_LENGTH_MAX / 1024 / 1024} MiB together`;
    throw new DeeplOpsError('FILE_UNREADABLE', message, { place: { file: name }, hint: 'Give fewer of them.' });
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function filesIn(folder: string, deepLeft: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return deepLeft > 0 ? filesIn(path, deepLeft - 1) : [];
    return /\.(?:ya?ml|json)$/i.test(entry.name) ? [path] : [];
  });
  if (found.length > 0 || deepLeft < FOLDERS_DEEP_MAX) return found;
  throw new DeeplOpsError('FILE_NOT_FOUND', 'there is no .yaml, .yml or .json file in this folder', {
    place: { file: folder },
  });
}
