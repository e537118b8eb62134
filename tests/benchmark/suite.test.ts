import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { episodeSeed, looksLikeSuite, parseSuite, readSuite } from '../../src/benchmark/index.ts';

const minimal = `name: mine
scenarios: [shop.yaml]
order: [none, runbook]
chaos: [monkey]
episodes: 20
`;

function complaint(text: string): unknown {
  try {
    parseSuite(text, { file: 'mine.yaml' });
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a suite file', () => {
  it('needs no more than agents, scenarios and episodes', () => {
    expect(parseSuite(minimal, { file: 'mine.yaml' })).toMatchObject({ seed: 1, engine: 'flow', episodes: 20 });
  });

  it('is told from a scenario by its scenarios', () => {
    expect(looksLikeSuite(minimal)).toBe(true);
    expect(looksLikeSuite('name: shop\nservices: {}\n')).toBe(false);
  });

  it('names file, line and column of a value out of range', () => {
    expect(complaint(minimal.replace('20', '0'))).toMatchObject({
      code: 'SUITE_INVALID',
      place: { file: 'mine.yaml', line: 5, column: 11 },
    });
  });

  it('refuses a field it does not know', () => {
    expect(complaint(`${minimal}epsiodes: 3\n`)).toMatchObject({ code: 'SUITE_INVALID' });
    expect(String(complaint(`${minimal}epsiodes: 3\n`))).toContain('epsiodes');
  });

  it('refuses a reference that does not play', () => {
    expect(complaint(`${minimal}reference: planner\n`)).toMatchObject({ code: 'SUITE_INVALID', place: { line: 6 } });
  });

  it('refuses fewer episodes for an agent that does not play', () => {
    expect(parseSuite(`${minimal}fewerEpisodes: { runbook: 2 }\n`, { file: 'mine.yaml' }).fewerEpisodes).toEqual({
      runbook: 2,
    });
    expect(complaint(`${minimal}fewerEpisodes: { planner: 2 }\n`)).toMatchObject({
      code: 'SUITE_INVALID',
      place: { line: 6 },
    });
  });

  it('takes a folder for all scenarios in it, by name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-suite-'));
    mkdirSync(join(folder, 'shops'));
    const shop = 'nodes: [{ name: n }]\nservices: { web: {} }\nworkloads: [{ name: u, service: web, rate: 1/s }]\n';
    for (const name of ['b', 'a']) writeFileSync(join(folder, 'shops', `${name}.yaml`), `name: ${name}\n${shop}`);
    writeFileSync(join(folder, 'shops', 'notes.md'), 'no scenario');
    writeFileSync(join(folder, 'suite.yaml'), minimal.replace('shop.yaml', 'shops'));
    expect(readSuite(join(folder, 'suite.yaml')).scenarios.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('refuses an empty file', () => {
    expect(complaint('')).toMatchObject({ code: 'SUITE_INVALID' });
  });
});

describe('the seeds of a suite', () => {
  it('are the same in every run and differ from episode to episode', () => {
    const seeds = Array.from({ length: 500 }, (_, index) => episodeSeed(1, 'contested', index));
    expect(new Set(seeds).size).toBe(500);
    expect(seeds[0]).toBe(episodeSeed(1, 'contested', 0));
  });

  it('are others for quiet episodes and for another suite seed', () => {
    const seeds = [episodeSeed(1, 'contested', 0), episodeSeed(1, 'quiet', 0), episodeSeed(2, 'contested', 0)];
    expect(new Set(seeds).size).toBe(3);
  });
});
