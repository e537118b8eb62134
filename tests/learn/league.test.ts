/** Who is drawn as an opponent, and how often. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../src/base/index.ts';
import { drawEntry, League, opponentEntries, parseTrainSettings } from '../../src/learn/index.ts';

const SILENT = 0;
const LATEST = 1;
const FIRST_PAST = 2;
const PAST_MAX = 3;
const FIRST_SCRIPT = FIRST_PAST + PAST_MAX;

function league(settings: object = {}, scripts: readonly string[] = ['monkey', 'random']): League {
  const { league: complete } = parseTrainSettings({ league: { pastMax: PAST_MAX, ...settings } });
  return new League(complete, new Map([['chaos', opponentEntries(PAST_MAX, scripts)]]));
}

/** Probability of each entry. */
function probabilities(of: League, quietRatio = 0): number[] {
  const cumulative = new Float64Array(FIRST_SCRIPT + 2);
  of.drawTable('chaos', { quietRatio }, cumulative);
  return [...cumulative].map((value, entry) => value - (cumulative[entry - 1] ?? 0));
}

describe('the league', () => {
  test('plays scripted opponents only, in equal parts, until the other role has learned', () => {
    expect(probabilities(league())).toEqual([0, 0, 0, 0, 0, 0.5, 0.5]);
  });

  test('plays an untrained opponent where there is no script', () => {
    expect(probabilities(league({}, []))[LATEST]).toBe(1);
  });

  test('gives the archive what its places take of its share, and the rest to the others', () => {
    const shares = { latest: 0, past: 0, scripted: 0.5, archive: 0.5 };
    const { league: complete } = parseTrainSettings({ league: { pastMax: PAST_MAX, shares } });
    const subject = new League(complete, new Map([['chaos', opponentEntries(PAST_MAX, ['monkey'], 2)]]));
    const draw = (archive?: readonly number[]) => {
      const cumulative = new Float64Array(FIRST_SCRIPT + 3);
      subject.drawTable('chaos', { quietRatio: 0, archive }, cumulative);
      return [...cumulative.subarray(FIRST_SCRIPT)].map(
        (value, entry) => value - (entry ? cumulative[FIRST_SCRIPT + entry - 1]! : 0),
      );
    };
    expect(draw([0.75, 0.25])).toEqual([0.5, 0.375, 0.125]);
    expect(draw([0.5, 0]).map((value) => value.toFixed(6))).toEqual(['0.666667', '0.333333', '0.000000']);
    expect(draw([0, 0])).toEqual([1, 0, 0]);
    expect(draw()).toEqual([1, 0, 0]);
  });

  test('leaves the records of archived scripts to the archive', () => {
    const { league: complete } = parseTrainSettings({ league: { pastMax: PAST_MAX } });
    const subject = new League(complete, new Map([['chaos', opponentEntries(PAST_MAX, ['monkey'], 2)]]));
    const before = subject.save();
    subject.record('chaos', FIRST_SCRIPT + 1, 1);
    expect(subject.save()).toEqual(before);
  });

  test('keeps the share of quiet episodes', () => {
    expect(probabilities(league(), 0.25)[SILENT]).toBeCloseTo(0.25, 12);
  });

  test('divides episodes among latest, past and scripted opponents by their shares', () => {
    const subject = league({ shares: { latest: 0.5, past: 0.3, scripted: 0.2 } });
    subject.markTrained('chaos');
    subject.takeSlot('chaos', 10);
    const [, latest, past, , , first, second] = probabilities(subject);
    expect(latest).toBeCloseTo(0.5, 12);
    expect(past).toBeCloseTo(0.3, 12);
    expect(first).toBeCloseTo(0.1, 12);
    expect(second).toBeCloseTo(0.1, 12);
  });

  test('prefers past opponents that win, in proportion to how often they do', () => {
    const subject = league({ shares: { latest: 0, past: 1, scripted: 0 }, floor: 0, recordDecay: 1 });
    subject.takeSlot('chaos', 1);
    subject.takeSlot('chaos', 2);
    // Half a success is added to each record: 89.5 of 100 against the first, 9.5 of 100 against the second.
    for (let game = 0; game < 99; game++) {
      subject.record('chaos', FIRST_PAST, game < 89 ? 1 : 0);
      subject.record('chaos', FIRST_PAST + 1, game < 9 ? 1 : 0);
    }
    const drawn = probabilities(subject);
    expect(drawn[FIRST_PAST]).toBeCloseTo(0.105 / (0.105 + 0.905), 6);
    expect(drawn[FIRST_PAST + 1]).toBeCloseTo(0.905 / (0.105 + 0.905), 6);
  });

  test('never drops a past opponent below the floor', () => {
    const subject = league({ shares: { latest: 0, past: 1, scripted: 0 }, floor: 0.1, recordDecay: 1 });
    subject.takeSlot('chaos', 1);
    subject.takeSlot('chaos', 2);
    for (let game = 0; game < 10_000; game++) subject.record('chaos', FIRST_PAST, 1);
    expect(probabilities(subject)[FIRST_PAST]).toBeGreaterThanOrEqual(0.1);
  });

  test('replaces the snapshot that is beaten most often once all slots are taken', () => {
    const subject = league();
    for (let iteration = 1; iteration <= PAST_MAX; iteration++) subject.takeSlot('chaos', iteration);
    for (let game = 0; game < 20; game++) subject.record('chaos', FIRST_PAST + 1, 1);
    expect(subject.takeSlot('chaos', 9)).toBe(1);
    expect(subject.successRate('chaos', FIRST_PAST + 1)).toBe(0.5);
  });

  test('draws entries as often as their probability says, the same with the same seed', () => {
    const cumulative = Float64Array.of(0.2, 0.2, 0.7, 1);
    const draw = () => {
      const stream = new RandomStream(3, 'test');
      return Array.from({ length: 4000 }, () => drawEntry(cumulative, stream.uniform()));
    };
    const drawn = draw();
    const share = (entry: number) => drawn.filter((each) => each === entry).length / drawn.length;
    expect(draw()).toEqual(drawn);
    expect(share(0)).toBeCloseTo(0.2, 1);
    expect(share(1)).toBe(0);
    expect(share(2)).toBeCloseTo(0.5, 1);
    expect(share(3)).toBeCloseTo(0.3, 1);
  });

  test('goes on from what it saved', () => {
    const subject = league();
    subject.markTrained('chaos');
    subject.takeSlot('chaos', 4);
    subject.record('chaos', FIRST_PAST, 1);
    const copy = league();
    copy.load(JSON.parse(JSON.stringify(subject.save())));
    expect(probabilities(copy)).toEqual(probabilities(subject));
  });
});
