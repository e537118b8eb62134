/** The library of outages: each is one, the right repair ends it, a plausible wrong one does not; results are golden. */
import { describe, expect, test } from 'vitest';
import { cases } from './cases.ts';
import { indexPage, outagePage, outcomesFile, pageFile } from './pages.ts';
import { environmentOf, filesIn, play } from './play-outage.ts';

const names = Object.keys(cases);

test('every outage has its cases, and no other scenario goes by its name', () => {
  expect([...names].sort()).toEqual(filesIn('outages'));
  expect(names.length).toBeGreaterThanOrEqual(20);
  const others = [...filesIn('.'), ...filesIn('phenomena')];
  expect(names.filter((name) => others.includes(name))).toEqual([]);
});

describe.each(Object.entries(cases))('%s', (name, { right = [], wrong }) => {
  test('is healthy before its first fault, and each of its faults starts', () => {
    const { scenario } = environmentOf(name);
    const { entries } = play(name);
    const started = entries.filter(({ kind }) => kind === 'faultStarted');
    const broken = entries.find(({ kind }) => kind === 'objectiveBroken');
    expect(scenario.name).toBe(name);
    expect(started).toHaveLength(scenario.script.length);
    expect(broken?.timeSeconds ?? Infinity).toBeGreaterThan(scenario.script[0]!.startSeconds);
  });

  const endsWell = right.length === 0;
  test(`${endsWell ? 'ends well' : 'is not repaired'} when it is left alone`, () => {
    expect(play(name).verdict.repaired).toBe(endsWell);
  });

  test.each(right)('is repaired by %s', (...course) => {
    expect(play(name, course).verdict).toMatchObject({ repaired: true, stillBroken: [] });
  });

  test.each(wrong)('is not repaired by %s', (...course) => {
    const { verdict } = play(name, course);
    expect(verdict.repairs).toBeGreaterThan(verdict.repairsFailed);
    expect(verdict.repaired).toBe(false);
  });

  test('is on its page as it is played', async () => {
    await expect(outagePage(name)).toMatchFileSnapshot(pageFile(name));
  });
});

test('all outcomes are the golden ones', async () => {
  await expect(outcomesFile()).toMatchFileSnapshot('outcomes.json');
});

test('the list of outages is current', async () => {
  await expect(indexPage()).toMatchFileSnapshot(pageFile('README'));
});
