/** What all phenomena have in common: small, told in words, playable as written, and on the page about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { phenomenon, play } from './incident.ts';

const root = new URL('../../', import.meta.url);
const names = readdirSync(new URL('scenarios/phenomena/', root)).map((file) => file.replace(/\.yaml$/, ''));
const page = readFileSync(new URL('docs/phenomena.md', root), 'utf8');

test('there are seventeen of them', () => {
  expect(names).toHaveLength(17);
});

describe.each(names)('%s', (name) => {
  const scenario = phenomenon(name);

  test('is a small system with users to please, a script, and a story', () => {
    expect(scenario.name).toBe(name);
    expect(scenario.cluster.services.length).toBeGreaterThanOrEqual(2);
    expect(scenario.cluster.services.length).toBeLessThanOrEqual(6);
    expect(scenario.objectives.length).toBeGreaterThan(0);
    expect(scenario.script.length).toBeGreaterThan(0);
    expect(scenario.description.length).toBeGreaterThan(300);
  });

  test('is healthy before its first fault, and each of its faults can be started', () => {
    const incident = play(name);
    const first = scenario.script[0]!.startSeconds;
    expect(incident.served(0, first)).toBeGreaterThan(0.99);
    expect(incident.times('objectiveBroken').filter((time) => time <= first)).toEqual([]);
    expect(incident.times('faultStarted')).toHaveLength(scenario.script.length);
    expect(incident.times('faultSkipped')).toEqual([]);
  });

  test('does not end well when it is left alone', () => {
    expect(play(name).verdict.repaired).toBe(false);
  });

  test('is told on the page, with a command to watch it and one to repair it', () => {
    expect(page).toContain(`deepl-ops replay ${name} --order none\n`);
    expect(page).toContain(`deepl-ops replay ${name} --repair "`);
  });
});
