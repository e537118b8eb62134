import { describe, expect, it } from 'vitest';
import { looksLikeRecording, parseRecording, recordingText } from '../../src/replay/index.ts';
import { recordedLines, recordingOf, scenario } from './small-episode.ts';

const { lines, verdict } = recordedLines({ seed: 5 });

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

  it('is the text it was read from', () => {
    expect(recordingText(recordingOf(lines))).toBe(lines.join(''));
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

  it.each([
    [0, 'Replay it with the version that wrote it, or record the episode again with this one.'],
    [99, 'Replay it with the version that wrote it or a later one.'],
  ])('of format version %i is refused with who wrote it and what to do', (version, hint) => {
    const text = lines.join('').replace('"version":1', `"version":${version}`);
    const message = `this recording has format version ${version}, written by 0.0.0+test; this program reads version 1`;
    expect(complaint(text)).toMatchObject({ code: 'RECORDING_VERSION', message, hint, place: { line: 1 } });
  });

  it('with a broken scenario is refused', () => {
    const header = JSON.parse(lines[0] ?? '');
    header.scenario.cluster.calls[0].callee = 99;
    const text = [`${JSON.stringify(header)}\n`, ...lines.slice(1)].join('');
    expect(complaint(text)).toMatchObject({
      code: 'SCENARIO_INVALID',
      place: { file: 'test.jsonl' },
      hint: expect.stringContaining('written by 0.0.0+test'),
    });
  });
});
