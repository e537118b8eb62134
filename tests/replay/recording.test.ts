import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { looksLikeRecording, parseRecording, RecordingFile, readRecording } from '../../src/replay/index.ts';
import { recordedLines, recordingOf, scenario } from './small-episode.ts';

const { lines, verdict } = recordedLines({ seed: 5 });
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-recording-'));
afterAll(() => rmSync(folder, { recursive: true }));

function complaint(text: string): unknown {
  try {
    parseRecording(text, { file: 'test.jsonl' });
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a recording', () => {
  it('holds the whole scenario, every step and the verdict', () => {
    const recording = recordingOf(lines);
    expect(recording.header.scenario).toEqual(scenario);
    expect(recording.header.agents).toEqual({ chaos: 'monkey', order: 'runbook' });
    expect(recording.steps).toHaveLength(lines.length - 2);
    expect(recording.end?.verdict).toEqual(verdict);
  });

  it('says in words what was done', () => {
    const words = recordingOf(lines).steps.map(({ actions }) => actions.chaos);
    expect(words).toContain('-');
    expect(words.some((action) => /^(service|node|link|disk)\.\S+ on \S+$/.test(action))).toBe(true);
  });

  it('is the same text when the same episode is recorded again, but for the wall clock', () => {
    const again = recordedLines({ seed: 5, startedAt: '2027-07-07T07:07:07.000Z' }).lines;
    const { wallClock, ...header } = JSON.parse(lines[0] ?? '');
    const { wallClock: later, ...headerAgain } = JSON.parse(again[0] ?? '');
    expect(again.slice(1)).toEqual(lines.slice(1));
    expect(headerAgain).toEqual(header);
    expect(later).not.toEqual(wallClock);
  });

  it('of another seed is another text', () => {
    expect(recordedLines({ seed: 6 }).lines.slice(1)).not.toEqual(lines.slice(1));
  });

  it('is told from a scenario', () => {
    expect(looksLikeRecording(lines.join(''))).toBe(true);
    expect(looksLikeRecording('name: shop\n')).toBe(false);
  });

  it.each([1, 40, 400])(
    'cut off in the middle of its last line, by %i characters, is read up to the line before',
    (cut) => {
      const text = lines.slice(0, 10).join('');
      const recording = parseRecording(text.slice(0, -cut), { file: 'test.jsonl' });
      expect(recording.steps).toHaveLength(8);
      expect(recording.end).toBeNull();
    },
  );

  it('damaged in the middle is refused with its line', () => {
    const damaged = lines.map((line, index) => (index === 4 ? line.slice(20) : line)).join('');
    expect(complaint(damaged)).toMatchObject({ code: 'RECORDING_INVALID', place: { file: 'test.jsonl', line: 5 } });
  });

  it('with a step missing is refused', () => {
    const text = lines.filter((_, index) => index !== 3).join('');
    expect(complaint(text)).toMatchObject({ code: 'RECORDING_INVALID', place: { line: 4 } });
  });

  it('that is something else is refused', () => {
    expect(complaint('{"format":"other"}\n')).toMatchObject({ code: 'RECORDING_INVALID' });
    expect(complaint('')).toMatchObject({ code: 'RECORDING_INVALID' });
  });

  it('of another format version is refused with the version that wrote it', () => {
    const text = lines.join('').replace('"version":1', '"version":99');
    expect(complaint(text)).toMatchObject({ code: 'RECORDING_VERSION' });
    expect(String(complaint(text))).toContain('0.0.0+test');
  });

  it('with a broken scenario is refused', () => {
    const header = JSON.parse(lines[0] ?? '');
    header.scenario.cluster.calls[0].callee = 99;
    const text = [`${JSON.stringify(header)}\n`, ...lines.slice(1)].join('');
    expect(complaint(text)).toMatchObject({ code: 'SCENARIO_INVALID', place: { file: 'test.jsonl' } });
  });
});

describe('a recording file', () => {
  it('is readable at every moment while it grows', () => {
    const file = join(folder, 'deep', 'growing.jsonl');
    const recording = recordingOf(lines);
    const writer = new RecordingFile(file);
    writer.write(recording.header);
    for (const step of recording.steps.slice(0, 3)) writer.write(step);
    expect(readRecording(file).steps).toHaveLength(3);
    appendFileSync(file, '{"step":4,"acti');
    expect(readRecording(file).steps).toHaveLength(3);
    writer.close();
  });

  it('holds the very lines of the recording', () => {
    const file = join(folder, 'whole.jsonl');
    const { header, steps, end } = recordingOf(lines);
    const writer = new RecordingFile(file);
    for (const part of [header, ...steps, ...(end ? [end] : [])]) writer.write(part);
    writer.close();
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
  });

  it('that cannot be written is refused', () => {
    expect(() => new RecordingFile(folder)).toThrowError(expect.objectContaining({ code: 'OUTPUT_UNWRITABLE' }));
  });
});
