/** The archive at work in training runs: what accumulates, who plays it, and that nothing else changes. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createTask,
  encodeCheckpoint,
  type IterationReport,
  metricRow,
  restoreCheckpoint,
  Trainer,
} from '../../../src/learn/index.ts';
import { archiveSettings, learnedNumbers, twoContests } from '../../support/learning.ts';
import { smallScenario } from '../../support/small-scenario.ts';

const timing = { elapsedSeconds: 1, decisionsPerSecond: 1 };

function trainer(changes: Parameters<typeof archiveSettings>[0] = {}): Trainer {
  return new Trainer({ task: twoContests, settings: archiveSettings(changes) });
}

/** Serial numbers of the scripts that running episodes play, by environment; 0 where one plays none. */
function serialsPlayed({ shared, dimensions }: Trainer): number[] {
  const { scripts } = shared.ledger;
  return Array.from({ length: dimensions.environments }, (_, index) => scripts[index * dimensions.scriptWidth]!);
}

function serialsHeld({ archive }: Trainer): number[][] {
  const held = archive!.archives.map(({ places }) => places.filter((script) => script !== null));
  return held.map((scripts) => scripts.map(({ serial }) => serial));
}

describe('a run of an order that learns from scripted chaos and the archive alone', () => {
  const reports: IterationReport[] = [];
  /** By scenario: all serial numbers that its archive ever held. */
  const held = [new Set<number>(), new Set<number>()];
  const played: (readonly [environment: number, serial: number])[] = [];
  let subject: Trainer;

  beforeAll(async () => {
    subject = trainer({ shares: { latest: 0, past: 0, scripted: 1, archive: 2 }, roles: ['order'] });
    for (let iteration = 0; iteration < 10; iteration++) {
      reports.push(await subject.iterate());
      for (const [environment, serial] of serialsPlayed(subject).entries()) {
        if (serial > 0) played.push([environment, serial]);
      }
      for (const [scenario, serials] of serialsHeld(subject).entries()) {
        for (const serial of serials) held[scenario]!.add(serial);
      }
    }
  }, 120_000);

  test('keeps scripts that were repaired in some of their plays and not in all', () => {
    const kept = subject.archive!.report(10).scenarios.flatMap(({ scripts }) => scripts);
    expect(kept.length).toBeGreaterThan(0);
    for (const { plays, repaired, successRate } of kept) {
      expect(repaired).toBeGreaterThan(0);
      expect(plays).toBeGreaterThan(repaired);
      expect(successRate).toBeGreaterThan(0);
      expect(successRate).toBeLessThan(1);
    }
  });

  test('meets nobody else', () => {
    const met = new Set(reports.flatMap(({ episodes }) => Object.keys(episodes.successByOpponent)));
    expect([...met].sort()).toEqual(['archive', 'monkey']);
  });

  test('plays a script on its own scenario only', () => {
    expect(new Set(played.map(([environment]) => environment % 2)).size).toBe(2);
    for (const [environment, serial] of played) expect(held[environment % 2]).toContain(serial);
  });

  test('takes scripts on trial for each scenario, when chaos decides there', () => {
    const scenarios = subject.archive!.archives.map(({ kept, onTrial }) => [...kept, ...onTrial]);
    expect(scenarios.every((scripts) => scripts.length > 0)).toBe(true);
    const slow = scenarios[1]!.flatMap(({ faults }) => faults.map(({ step }) => step % 2));
    expect(new Set(slow)).toEqual(new Set([0]));
  });

  test('tells about its archive in the metrics', () => {
    const rows = reports.map((report) => metricRow(report, timing));
    expect(rows.at(-1)).toMatchObject({
      'archive/scripts': expect.any(Number),
      'archive/on_trial': expect.any(Number),
    });
    expect(rows.at(-1)!['archive/success_mean']).toBeGreaterThan(0);
    expect(rows.at(-1)!['archive/success_mean']).toBeLessThan(1);
    expect(rows.some((row) => 'league/success_against/archive' in row)).toBe(true);
  });

  test('names faults, components and times of what it keeps', () => {
    const [script] = subject.archive!.report(10).scenarios.flatMap(({ scripts }) => scripts);
    const components = smallScenario().cluster.services.map(({ name }) => name);
    expect(components.length).toBeGreaterThan(0);
    for (const { verb, component, startSeconds } of script!.faults) {
      expect(verb).toMatch(/^(service|node|link|disk)\.[a-z-]+\.(mild|severe)$/);
      expect(component).not.toBe('');
      expect(startSeconds % 5).toBe(0);
    }
  });
});

describe('a run of both roles with an archive', () => {
  test('ends the same after a resume, although scripts being played had left the archive', async () => {
    // A single script on trial, and one play decides: it is gone while other episodes still play it.
    const changes = { archive: { candidates: 1, trials: 1, trialRatio: 1 }, shares: { past: 1, archive: 6 } };
    const unbroken = trainer(changes);
    for (let iteration = 0; iteration < 3; iteration++) await unbroken.iterate();
    const present = serialsHeld(unbroken).flat();
    expect(serialsPlayed(unbroken).some((serial) => serial > 0 && !present.includes(serial))).toBe(true);
    const bytes = encodeCheckpoint(unbroken, twoContests);
    const resumed = trainer(changes);
    await restoreCheckpoint(resumed, twoContests, { bytes, file: 'test' });
    const learners = new Set<string>();
    for (let iteration = 0; iteration < 2; iteration++) {
      learners.add((await unbroken.iterate()).learner);
      await resumed.iterate();
    }
    expect(learners.size).toBe(2);
    expect(resumed.archive!.save()).toEqual(unbroken.archive!.save());
    const [end, other] = [unbroken, resumed].map((each) => Buffer.from(encodeCheckpoint(each, twoContests)));
    expect(other!.equals(end!)).toBe(true);
  });
});

describe('a scenario on which nothing can be broken', () => {
  test('keeps no script and plays none of the others', async () => {
    const scenarios = [smallScenario({ availabilityMin: 0.95 }), smallScenario({ chaosBudget: 0 })];
    const task = { name: 'contest', options: { ...(twoContests.options as object), scenarios } };
    const settings = archiveSettings({ roles: ['order'], shares: { archive: 20 }, archive: { trialRatio: 1 } });
    const subject = new Trainer({ task, settings });
    const seen = new Set<number>();
    for (let iteration = 0; iteration < 5; iteration++) {
      await subject.iterate();
      for (const [environment, serial] of serialsPlayed(subject).entries()) if (serial > 0) seen.add(environment % 2);
    }
    expect([...seen]).toEqual([0]);
    expect(serialsHeld(subject)[1]).toEqual([]);
  });
});

describe('a run whose archive has no share', () => {
  const shares = { latest: 1, past: 1, scripted: 1, archive: 0 };

  test('keeps none, and learns the same whatever else is said about it', async () => {
    const subjects = [trainer({ shares }), trainer({ shares, archive: { capacity: 9, trials: 1 } })];
    for (const subject of subjects) {
      const report = await subject.iterate();
      await subject.iterate();
      expect(subject.archive).toBeUndefined();
      expect(subject.shared.ledger.scripts.length + subject.shared.archive.length).toBe(0);
      expect(Object.keys(metricRow(report, timing)).filter((name) => name.startsWith('archive'))).toEqual([]);
    }
    expect(learnedNumbers(subjects[0]!)).toEqual(learnedNumbers(subjects[1]!));
  });
});

describe('what a contest tells of an episode of a learning chaos', () => {
  const rules = smallScenario().contest.rewards;
  // Chaos was paid for 6 of a loss of 8, less 2 units of faults.
  const summary = {
    lossSeconds: 8 / rules.lossWeight,
    chaosReturn: 6 * rules.regretWeight - 2 * rules.faultCostWeight,
    faultCost: 2,
  };
  const space = (regret: boolean) => {
    const options = { scenarios: [smallScenario()], engine: 'flow', regret, chaosBudgetRatio: 1 };
    return createTask({ name: 'contest', options }).failures!;
  };

  test('is which share of the loss good repair would have avoided', () => {
    expect(space(true).avoidable(0, summary)).toBeCloseTo(0.75, 12);
  });

  test('is nothing where nobody looked, or nothing was lost', () => {
    expect(space(false).avoidable(0, summary)).toBeUndefined();
    expect(space(true).avoidable(0, {})).toBeUndefined();
  });
});
