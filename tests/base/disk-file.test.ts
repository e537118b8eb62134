/** Files on disk, with our error codes. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readBytesFile, readTextFile, writeWholeFile } from '../../src/base/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a text that was written is read back, in a folder made for it', () => {
  const file = join(folder, 'new', 'deep', 'note.txt');
  writeWholeFile(file, 'naïve\n');
  expect(readTextFile(file)).toBe('naïve\n');
  expect(readdirSync(join(folder, 'new', 'deep'))).toEqual(['note.txt']);
});

test('bytes that were written are read back', () => {
  const file = join(folder, 'bytes.bin');
  writeWholeFile(file, new Uint8Array([0, 255, 7]));
  expect([...readBytesFile(file)]).toEqual([0, 255, 7]);
});

test('a missing file, a folder and a file that is no text are told apart', () => {
  writeFileSync(join(folder, 'latin.txt'), new Uint8Array([0x6e, 0xef]));
  const place = (name: string) => ({ place: { file: join(folder, name) } });
  expect(() => readTextFile(join(folder, 'none'))).toThrow(
    expect.objectContaining({ code: 'FILE_NOT_FOUND', ...place('none') }),
  );
  mkdirSync(join(folder, 'sub'));
  expect(() => readTextFile(join(folder, 'sub'))).toThrow(
    expect.objectContaining({ code: 'FILE_UNREADABLE', message: 'cannot read this file: this is a folder' }),
  );
  expect(() => readTextFile(join(folder, 'latin.txt'))).toThrow(
    expect.objectContaining({ code: 'FILE_UNREADABLE', message: 'this file is not UTF-8 text' }),
  );
});

test('a text larger than allowed is refused before it is read', () => {
  const file = join(folder, 'large.txt');
  writeFileSync(file, '');
  truncateSync(file, 3 * 1024 * 1024);
  expect(readTextFile(file, { bytesMax: 3 * 1024 * 1024 })).toHaveLength(3 * 1024 * 1024);
  expect(() => readTextFile(file, { bytesMax: 2 * 1024 * 1024 })).toThrow(
    expect.objectContaining({ code: 'FILE_UNREADABLE', message: 'this file is larger than 2 MiB' }),
  );
});

test('a place that cannot be written is OUTPUT_UNWRITABLE, and leaves nothing behind', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => writeWholeFile(join(folder, 'file', 'below'), 'x')).toThrow(
    expect.objectContaining({ code: 'OUTPUT_UNWRITABLE', message: 'cannot write here: file already exists' }),
  );
});
