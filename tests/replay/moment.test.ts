import { describe, expect, it } from 'vitest';
import { hasCome, parseMoment, stepOfMoment } from '../../src/replay/index.ts';
import { errorOf } from '../scenario/errors.ts';
import { recordedLines, recordingOf } from './small-episode.ts';

const { steps } = recordingOf(recordedLines({ seed: 5 }).lines);

describe('a moment', () => {
  it('is a step, or a time with its unit', () => {
    expect(parseMoment('40', '--until')).toEqual({ step: 40 });
    expect(parseMoment('2m30s', '--until')).toEqual({ timeSeconds: 150 });
  });

  it.each(['', 'soon', '-3', '-3s', '1.5'])('is not written "%s"', (text) => {
    expect(errorOf(() => parseMoment(text, '--until'))).toMatchObject({ code: 'USAGE' });
  });

  it('has come with its step, or with the first step that ends at or after it', () => {
    expect(hasCome({ step: 3 }, { step: 2, timeSeconds: 10 })).toBe(false);
    expect(hasCome({ step: 3 }, { step: 3, timeSeconds: 15 })).toBe(true);
    expect(hasCome({ timeSeconds: 12 }, { step: 2, timeSeconds: 10 })).toBe(false);
    expect(hasCome({ timeSeconds: 12 }, { step: 3, timeSeconds: 15 })).toBe(true);
  });

  it('is found in a recording', () => {
    expect(stepOfMoment({ step: 0 }, steps)).toBe(0);
    expect(stepOfMoment({ step: 7 }, steps)).toBe(7);
    const { timeSeconds } = steps[6]!.info;
    expect(stepOfMoment({ timeSeconds }, steps)).toBe(7);
    expect(stepOfMoment({ timeSeconds: timeSeconds - 1 }, steps)).toBe(7);
  });

  it('behind the end of a recording is refused', () => {
    expect(errorOf(() => stepOfMoment({ step: steps.length + 1 }, steps)).message).toBe(
      'the recording ends before that, after 36 steps (180 s)',
    );
  });
});
