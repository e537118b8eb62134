/** `benchmark` and `list` from outside. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';

const scenario = fileURLToPath(new URL('small-scenario.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deepl-ops-benchmark-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('benchmark', () => {
  it('prints tables with intervals for a scenario', () => {
    const flags = ['--order', 'none', 'runbook', '--episodes', '6', '--workers', '2'];
    const { exit, stdout } = runProgram(['benchmark', scenario, ...flags]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^small +monkey +none +\d\/6 +[\d.]+ % \(\d+-\d+\)/m);
    expect(stdout).toMatch(/^small +runbook +2 +[\d.]+ %/m);
  });

  it('runs a suite file and writes its results', () => {
    const suite = join(folder, 'suite.yaml');
    writeFileSync(suite, `name: mine\nscenarios: [${scenario}]\norder: [none]\nchaos: [monkey]\nepisodes: 2\n`);
    const out = join(folder, 'results');
    expect(runProgram(['benchmark', suite, '--out', out]).exit).toBe(0);
    const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    expect(results).toMatchObject({ format: 'deepl-ops-results', suite: { name: 'mine' }, cells: [{ order: 'none' }] });
    expect(readFileSync(join(out, 'results.md'), 'utf8')).toMatch(/^# mine\n/);
  });

  it("plays an outage's own script, by name", () => {
    const flags = ['--order', 'none', '--chaos', 'script', '--episodes', '2', '--workers', '1'];
    const { exit, stdout } = runProgram(['benchmark', 'clock-drift', ...flags]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^clock-drift +script +none +0\/2 /m);
  });

  it('names the place of a mistake in a suite', () => {
    const suite = join(folder, 'wrong.yaml');
    writeFileSync(suite, 'name: mine\nscenarios: [a.yaml]\norder: []\nchaos: [monkey]\nepisodes: 2\n');
    const { exit, stderr } = runProgram(['benchmark', suite]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^error SUITE_INVALID: order: .* \(.*wrong\.yaml:3:8\)\n/);
  });
});

describe('list', () => {
  it('names scenarios, suites, agents, faults and repairs', () => {
    const { stdout } = runProgram(['list']);
    for (const name of [
      'online-boutique',
      'gray-disk',
      'standard',
      'outages',
      'planner',
      'disk.fill',
      'service.fail-over',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
  });

  it('shows one topic only, for programs too', () => {
    const { repairs, ...others } = JSON.parse(runProgram(['list', 'repairs', '--json']).stdout);
    expect(others).toEqual({});
    expect(repairs).toContainEqual(expect.objectContaining({ name: 'service.restart', target: 'service' }));
  });
});
