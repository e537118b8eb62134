/** Recordings on disk: plain and compressed, whole and cut off anywhere. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { isRecordingFile, openRecording, RecordingFile, readRecording } from '../../src/replay/index.ts';
import { recordedLines, recordingOf } from './small-episode.ts';

const { lines } = recordedLines({ seed: 5 });
const recording = recordingOf(lines);
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-recording-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the header and the first so many steps, or everything. */
function write(name: string, steps?: number): { file: string; writer: RecordingFile } {
  const file = join(folder, name);
  const writer = new RecordingFile(file);
  writer.write(recording.header);
  for (const step of recording.steps.slice(0, steps)) writer.write(step);
  if (steps === undefined && recording.end) writer.write(recording.end);
  return { file, writer };
}

describe.each(['whole.jsonl', 'whole.jsonl.gz'])('a recording in %s', (name) => {
  const { file, writer } = write(name);
  writer.close();

  it('holds the very lines of the recording', () => {
    const bytes = readFileSync(file);
    expect((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')).toBe(lines.join(''));
  });

  it('is read whole', async () => {
    expect(isRecordingFile(file)).toBe(true);
    expect(await readRecording(file)).toEqual(recording);
  });

  it('is read as far as it is asked for, and knows its end only then', async () => {
    const source = await openRecording(file);
    expect(source.header).toEqual(recording.header);
    const steps: number[] = [];
    for await (const { step } of source.steps) {
      expect(source.end).toBeNull();
      steps.push(step);
    }
    expect(steps).toHaveLength(recording.steps.length);
    expect(source.end).toEqual(recording.end);
  });

  it('cut off at any byte is read up to the last line that is whole', async () => {
    const bytes = readFileSync(file);
    const cut = join(folder, `cut-${name}`);
    let before = 0;
    for (let length = firstLineEnd(file) + 1; length < bytes.length; length += 997) {
      writeFileSync(cut, bytes.subarray(0, length));
      const { steps, end } = await readRecording(cut);
      expect(steps).toEqual(recording.steps.slice(0, steps.length));
      expect(steps.length).toBeGreaterThanOrEqual(before);
      expect(end).toBeNull();
      before = steps.length;
    }
    expect(before).toBeGreaterThan(recording.steps.length - 3);
  });
});

/** Bytes that hold the first line: it is written alone. */
function firstLineEnd(file: string): number {
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gzipSync(lines[0] ?? '').length : bytes.indexOf('\n');
}

describe('a recording file', () => {
  it('is readable at every moment while it grows', async () => {
    const { file, writer } = write('deep/growing.jsonl', 3);
    expect((await readRecording(file)).steps).toHaveLength(3);
    appendFileSync(file, '{"step":4,"acti');
    expect((await readRecording(file)).steps).toHaveLength(3);
    writer.close();
  });

  it('that is compressed lacks at most one group of lines while it grows', async () => {
    const { file, writer } = write('growing.jsonl.gz', 0);
    for (const step of recording.steps) {
      writer.write(step);
      const { steps } = await readRecording(file);
      expect(step.step - steps.length).toBeLessThan(16);
    }
    writer.close();
    expect((await readRecording(file)).steps).toHaveLength(recording.steps.length);
  });

  it('is known to be compressed by its content, whoever did it', async () => {
    const file = join(folder, 'renamed.jsonl');
    writeFileSync(file, gzipSync(lines.join('')));
    expect(await readRecording(file)).toEqual(recording);
  });

  it('that ends within its first line is refused', async () => {
    const { file, writer } = write('short.jsonl', 0);
    writer.close();
    truncateSync(file, 100);
    await expect(readRecording(file)).rejects.toMatchObject({ code: 'RECORDING_INVALID', place: { file, line: 1 } });
  });

  it('damaged in the middle gives the steps before, then names the file', async () => {
    const { file, writer } = write('damaged.jsonl.gz');
    writer.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length - 4000, bytes.length - 3000);
    writeFileSync(file, bytes);
    const source = await openRecording(file);
    let read = 0;
    const reading = (async () => {
      for await (const _ of source.steps) read += 1;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'RECORDING_INVALID', place: { file } });
    expect(read).toBeGreaterThan(10);
  });

  it('that cannot be read or written is refused', async () => {
    expect(() => isRecordingFile(join(folder, 'nowhere.jsonl'))).toThrowError(
      expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
    );
    await expect(readRecording(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(() => new RecordingFile(folder)).toThrowError(expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' }));
  });
});
