/** Which failure scripts enter the archive, which stay, and how often they are drawn. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../src/base/index.ts';
import {
  type FailureScript,
  learnability,
  type NewScript,
  parseTrainSettings,
  ScriptArchive,
  successRate,
} from '../../../src/learn/index.ts';

const settings = { capacity: 3, candidates: 2, trials: 4, trialRatio: 0.4, faultsMax: 3 };

function archive(changes: object = {}): ScriptArchive {
  return new ScriptArchive(parseTrainSettings({ league: { archive: { ...settings, ...changes } } }).league.archive);
}

/** A find that breaks one component, another for every serial number. */
function find(serial: number, changes: Partial<NewScript> = {}): NewScript {
  const faults = [{ step: 2, choice: serial }];
  const origin = { origin: 'found', parents: [], generation: 0, iteration: 1, seed: 7 } as const;
  return { serial, faults, ...origin, avoidable: undefined, ...changes };
}

function play(subject: ScriptArchive, serial: number, successes: readonly number[], faults?: FailureScript): void {
  const played = faults ?? [{ step: 2, choice: serial }];
  for (const [index, success] of successes.entries()) {
    subject.record({ serial, success, seed: 100 + index, faults: played });
  }
}

function keep(subject: ScriptArchive, serial: number, successes: readonly number[] = [1, 0, 1, 0]): void {
  subject.admit(find(serial));
  play(subject, serial, successes);
}

const serials = (scripts: readonly { readonly serial: number }[]): number[] => scripts.map(({ serial }) => serial);

describe('a failure script', () => {
  test('is on trial first, and kept when it was repaired in some of its plays', () => {
    const subject = archive();
    subject.admit(find(1));
    play(subject, 1, [0, 1, 0]);
    expect(serials(subject.onTrial)).toEqual([1]);
    play(subject, 1, [0]);
    expect(serials(subject.kept)).toEqual([1]);
    expect(subject.kept[0]).toMatchObject({ plays: 4, repaired: 1 });
    expect(subject.totals).toMatchObject({ found: 1, kept: 1 });
  });

  test('that is never repaired on trial is dropped as hopeless', () => {
    const subject = archive();
    keep(subject, 1, [0, 0, 0, 0]);
    expect([...subject.kept, ...subject.onTrial]).toEqual([]);
    expect(subject.totals).toMatchObject({ hopeless: 1, easy: 0, kept: 0 });
  });

  test('that is repaired every time is dropped as easy', () => {
    const subject = archive();
    keep(subject, 1, [1, 1, 1, 1]);
    expect([...subject.kept, ...subject.onTrial]).toEqual([]);
    expect(subject.totals).toMatchObject({ hopeless: 0, easy: 1, kept: 0 });
  });

  test('whose loss was avoidable by a look-ahead is tried twice as often before it is given up', () => {
    const subject = archive();
    subject.admit(find(1, { avoidable: 0.8 }));
    play(subject, 1, [0, 0, 0, 0, 0]);
    expect(serials(subject.onTrial)).toEqual([1]);
    play(subject, 1, [1]);
    expect(serials(subject.kept)).toEqual([1]);
    subject.admit(find(2, { avoidable: 0.8 }));
    play(subject, 2, [0, 0, 0, 0, 0, 0, 0, 0]);
    expect(subject.totals.hopeless).toBe(1);
  });

  test.each([
    ['easy', 1],
    ['hopeless', 0],
  ] as const)('that is kept is dropped once it has become %s', (reason, success) => {
    const subject = archive();
    keep(subject, 1);
    play(subject, 1, [success, success, success]);
    expect(serials(subject.kept)).toEqual([1]);
    play(subject, 1, new Array(20).fill(success));
    expect(subject.kept).toEqual([]);
    expect(subject.totals[reason]).toBe(1);
  });

  test('loses the faults that never became legal on trial', () => {
    const subject = archive();
    const [first, second, third] = [1, 2, 3].map((choice) => ({ step: 5 * choice, choice }));
    subject.admit(find(1, { faults: [first!, second!, third!] }));
    // The third comes two steps late; the second never.
    play(subject, 1, [0, 1, 0, 1], [first!, { step: 17, choice: 3 }]);
    expect(subject.kept[0]!.faults).toEqual([first, third]);
  });

  test('keeps the seed of the last episode in which it was left broken', () => {
    const subject = archive();
    keep(subject, 1, [1, 0, 0, 1]);
    expect(subject.kept[0]!.seed).toBe(102);
  });
});

describe('the archive', () => {
  test.each([
    ['without faults', find(2, { faults: [] })],
    ['of too many faults', find(2, { faults: [1, 2, 3, 4].map((choice) => ({ step: 1, choice })) })],
    ['that broke the same at another time', find(2, { faults: [{ step: 9, choice: 1 }] })],
    ['that is the same mutation', find(2, { origin: 'mutated', faults: [{ step: 2, choice: 1 }] })],
  ])('does not take a script %s', (_, script) => {
    const subject = archive();
    subject.admit(find(1));
    expect(subject.admit(script)).toBe(false);
    expect(serials(subject.onTrial)).toEqual([1]);
  });

  test('takes a mutation that only shifts a fault', () => {
    const subject = archive();
    subject.admit(find(1));
    expect(subject.admit(find(2, { origin: 'mutated', faults: [{ step: 9, choice: 1 }] }))).toBe(true);
  });

  test('has room for so many scripts on trial, whatever is kept', () => {
    const subject = archive();
    for (const serial of [1, 2, 3]) keep(subject, serial);
    subject.admit(find(4));
    expect(subject.hasRoom).toBe(true);
    subject.admit(find(5));
    expect(subject.hasRoom).toBe(false);
  });

  test('when full, lets go the least learnable, be it the newcomer', () => {
    const subject = archive();
    keep(subject, 1);
    keep(subject, 2, [0, 0, 0, 1]);
    keep(subject, 3);
    keep(subject, 4);
    expect(serials(subject.kept).sort()).toEqual([1, 3, 4]);
    keep(subject, 5, [1, 0, 0, 0]);
    expect(serials(subject.kept).sort()).toEqual([1, 3, 4]);
    expect(subject.totals).toMatchObject({ displaced: 2, kept: 4 });
  });

  test('gives kept scripts their part by learnability and scripts on trial an even one', () => {
    const subject = archive();
    keep(subject, 1);
    keep(subject, 2, [1, 1, 1, 0]);
    subject.admit(find(3));
    subject.admit(find(4));
    const [one, two] = subject.kept.map(learnability);
    expect(one).toBeGreaterThan(two!);
    const expected = [(0.6 * one!) / (one! + two!), (0.6 * two!) / (one! + two!), 0.2, 0.2, 0];
    for (const [place, weight] of subject.weights().entries()) expect(weight).toBeCloseTo(expected[place]!, 12);
  });

  test('leaves a part of its share to other opponents while all is on trial, and none when nothing is', () => {
    const subject = archive();
    subject.admit(find(1));
    expect(subject.weights()).toEqual([0.4, 0, 0, 0, 0]);
    play(subject, 1, [1, 0, 1, 0]);
    expect(subject.weights()).toEqual([1, 0, 0, 0, 0]);
  });

  test('draws parents as often as they are learnable', () => {
    const subject = archive();
    keep(subject, 1);
    keep(subject, 2, [0, 0, 0, 1]);
    const stream = new RandomStream(1, 'test');
    const drawn = Array.from({ length: 4000 }, () => subject.draw(stream)?.serial);
    const [one, two] = subject.kept.map(learnability);
    expect(drawn.filter((serial) => serial === 1).length / 4000).toBeCloseTo(one! / (one! + two!), 1);
    expect(archive().draw(stream)).toBeUndefined();
  });

  test('forgets older plays', () => {
    const subject = archive({ learnabilityMin: 0 });
    keep(subject, 1, [0, 0, 0, 1]);
    play(subject, 1, [1, 1, 1, 1, 1, 1]);
    expect(successRate(subject.kept[0]!)).toBeGreaterThan(7.5 / 11);
  });

  test('ignores a play of a script that is gone meanwhile', () => {
    const subject = archive();
    keep(subject, 1, [1, 1, 1, 1]);
    const before = subject.save();
    play(subject, 1, [0]);
    expect(subject.save()).toEqual(before);
  });

  test('goes on from what it saved', () => {
    const subject = archive();
    keep(subject, 1);
    subject.admit(find(2));
    const copy = archive();
    copy.load(JSON.parse(JSON.stringify(subject.save())));
    for (const each of [subject, copy]) play(each, 2, [1, 0, 1, 1]);
    expect(copy.save()).toEqual(subject.save());
    expect(copy.weights()).toEqual(subject.weights());
  });
});
