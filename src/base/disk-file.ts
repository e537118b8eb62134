/** Reading and writing files with our error codes instead of Node's; every other `-file.ts` goes through this one. */
import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DeeplOpsError } from './errors.ts';

/** The file's text; a file that is not UTF-8, or larger than allowed, is FILE_UNREADABLE. */
export function readTextFile(file: string, options: { readonly bytesMax?: number } = {}): string {
  const { bytesMax = Infinity } = options;
  if (sizeOf(file) > bytesMax) {
    const message = `this file is larger than ${Math.floor(bytesMax / 1024 / 1024)} MiB`;
    throw new DeeplOpsError('FILE_UNREADABLE', message, { place: { file }, hint: 'Give a smaller one.' });
  }
  const bytes = readBytesFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DeeplOpsError('FILE_UNREADABLE', 'this file is not UTF-8 text', { place: { file }, cause });
  }
}

/** 0 where it is not known beforehand, as of a pipe, or where reading will say what is wrong. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The file's bytes; FILE_NOT_FOUND or FILE_UNREADABLE when that fails. */
export function readBytesFile(file: string): Uint8Array {
  return orUnreadable(file, () => readFileSync(file));
}

/** The first so many bytes of the file, fewer where it is shorter; FILE_NOT_FOUND or FILE_UNREADABLE when that fails. */
export function readBeginning(file: string, bytesMax: number): Uint8Array {
  return orUnreadable(file, () => {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = new Uint8Array(bytesMax);
      return bytes.subarray(0, readSync(descriptor, bytes));
    } finally {
      closeSync(descriptor);
    }
  });
}

function orUnreadable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT' || systemCode(cause) === 'ENOTDIR') {
      throw new DeeplOpsError('FILE_NOT_FOUND', 'there is no such file', { place: { file }, cause });
    }
    const reason = systemCode(cause) === 'EISDIR' ? 'this is a folder' : systemText(cause);
    throw new DeeplOpsError('FILE_UNREADABLE', `cannot read this file: ${reason}`, { place: { file }, cause });
  }
}

/** Writes the whole file or nothing (a reader never sees half of it), creating its folder; else OUTPUT_UNWRITABLE. */
export function writeWholeFile(file: string, content: string | Uint8Array): void {
  const unfinished = `${file}.unfinished`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, content);
    renameSync(unfinished, file);
  } catch (cause) {
    removeIfPossible(unfinished);
    throw new DeeplOpsError('OUTPUT_UNWRITABLE', `cannot write here: ${systemText(cause)}`, { place: { file }, cause });
  }
}

/** OUTPUT_UNWRITABLE where this folder does not exist and could not be made, or where nothing may be written into it. */
export function checkWritableFolder(folder: string): void {
  let existing = resolve(folder);
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    if (!statSync(existing).isDirectory()) throw new Error('this is no folder');
    accessSync(existing, constants.W_OK);
  } catch (cause) {
    throw new DeeplOpsError('OUTPUT_UNWRITABLE', `cannot write here: ${systemText(cause)}`, {
      place: { file: existing },
      cause,
    });
  }
}

/** Appends to a file, creating it where there is none; else OUTPUT_UNWRITABLE. */
export function appendToFile(file: string, content: string | Uint8Array): void {
  try {
    appendFileSync(file, content);
  } catch (cause) {
    throw new DeeplOpsError('OUTPUT_UNWRITABLE', `cannot write here: ${systemText(cause)}`, { place: { file }, cause });
  }
}

function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The failed write is what the user must hear about.
  }
}

function systemCode(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}

/** "EACCES: permission denied, open '/x'" without the call and the path, which the place already names. */
function systemText(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/^[A-Z]+: /, '').replace(/, \w+( '.*)?$/, '') : String(cause);
}
