import { describe, expect, it } from 'vitest';
import { runSuite } from '../../src/benchmark/index.ts';
import { builtFile } from '../support/program.ts';
import { smallScenario } from '../support/small-scenario.ts';
import { smallSuite } from './outcomes.ts';

describe('running a suite', () => {
  const suite = smallSuite({ episodes: 6 });

  it('plays every pair of agents on the same seeds, and quiet episodes besides', async () => {
    const outcomes = await runSuite(suite, { workers: 1 });
    expect(outcomes.map(({ cell }) => [cell.order, cell.chaos, cell.episodes])).toEqual([
      [0, 0, 6],
      [0, null, 2],
      [1, 0, 6],
      [1, null, 2],
    ]);
    const seeds = outcomes.map(({ episodes }) => episodes.map(({ seed }) => seed));
    expect(seeds[0]).toEqual(seeds[2]);
    expect(seeds[1]).toEqual(seeds[3]);
    expect(outcomes[1]?.episodes.every(({ verdict }) => verdict.quiet)).toBe(true);
    expect(outcomes[0]?.episodes.some(({ verdict }) => !verdict.quiet)).toBe(true);
  });

  it('does not depend on what was played before: a cell alone comes out the same', async () => {
    const [, , together] = await runSuite(suite, { workers: 1 });
    const [alone] = await runSuite({ ...suite, order: ['runbook'] }, { workers: 1 });
    expect(alone?.episodes).toEqual(together?.episodes);
  });

  it('comes out the same on two threads', async () => {
    const built = (await import(builtFile('benchmark/index.js'))) as { runSuite: typeof runSuite };
    const [here, threads] = await Promise.all([runSuite(suite, { workers: 1 }), built.runSuite(suite, { workers: 2 })]);
    expect(threads).toEqual(here);
  });

  it("plays a scenario's own script where that is the chaos", async () => {
    const kill = {
      fault: 'service.kill',
      target: 'front',
      severity: 'severe',
      startSeconds: 10,
      durationSeconds: null,
    };
    const scenarios = [smallScenario({}, [kill])];
    const scripted = { ...suite, scenarios, order: ['none'], chaos: ['script', 'none'], quietRatio: 0 };
    const [script, silence] = await runSuite({ ...scripted, reference: 'none' }, { workers: 1 });
    expect(script?.episodes.map(({ verdict }) => verdict.faults)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(silence?.episodes.every(({ verdict }) => verdict.quiet)).toBe(true);
  });

  it('refuses the script of a scenario that has none before it plays anything', async () => {
    const run = runSuite({ ...suite, chaos: ['script'] }, { workers: 1 });
    await expect(run).rejects.toMatchObject({
      code: 'SUITE_INVALID',
      message: expect.stringContaining('no fault script'),
    });
  });

  it('plays fewer episodes with agents that take long to think, on the first of the seeds', async () => {
    const outcomes = await runSuite({ ...suite, fewerEpisodes: { none: 2 } }, { workers: 1 });
    expect(outcomes.map(({ episodes }) => episodes.length)).toEqual([2, 1, 6, 2]);
    expect(outcomes[0]?.episodes.map(({ seed }) => seed)).toEqual(
      outcomes[2]?.episodes.slice(0, 2).map(({ seed }) => seed),
    );
  });

  it('tells its progress', async () => {
    const progress: number[] = [];
    await runSuite(suite, { workers: 1, onProgress: (done, total) => progress.push(done / total) });
    expect(progress.at(-1)).toBe(1);
    expect([...progress].sort((a, b) => a - b)).toEqual(progress);
  });

  it('stops at a signal', async () => {
    const stop = new AbortController();
    const run = runSuite(suite, { workers: 1, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('refuses an agent that does not exist before it plays anything, on threads too', async () => {
    const wrong = { ...suite, order: ['runbok'], reference: 'runbok' };
    await expect(runSuite(wrong, { workers: 1 })).rejects.toMatchObject({ code: 'AGENT_UNKNOWN' });
    const built = (await import(builtFile('benchmark/index.js'))) as { runSuite: typeof runSuite };
    await expect(built.runSuite(wrong, { workers: 2 })).rejects.toMatchObject({ code: 'AGENT_UNKNOWN' });
  });
});
