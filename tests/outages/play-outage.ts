/** Plays an outage of the library with stated repairs, and keeps what came out and what was told of it. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ContestEnvironment, createEnvironment, type Verdict } from '../../src/environment/index.ts';
import { findPolicy } from '../../src/policies/index.ts';
import {
  createPlannedRepairs,
  parsePlannedRepair,
  playEpisode,
  Timeline,
  type TimelineEntry,
} from '../../src/replay/index.ts';
import { readScenario } from '../../src/scenario/index.ts';
import type { Course } from './cases.ts';

const scenarios = new URL('../../scenarios/', import.meta.url);
const SEED = 1;

/** How an outage went. */
export interface Outcome {
  readonly course: Course;
  readonly verdict: Verdict;
  readonly stateHash: string;
  readonly entries: readonly TimelineEntry[];
}

/** Names of the scenarios in a folder of `scenarios/`. */
export function filesIn(folder: string): string[] {
  const files = readdirSync(new URL(`${folder}/`, scenarios)).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => file.replace(/\.yaml$/, '')).sort();
}

const environments = new Map<string, ContestEnvironment>();

/** One environment per outage serves all its episodes. */
export function environmentOf(name: string): ContestEnvironment {
  const known = environments.get(name);
  if (known) return known;
  const scenario = readScenario(fileURLToPath(new URL(`outages/${name}.yaml`, scenarios)));
  const environment = createEnvironment(scenario, { engine: 'flow', script: true });
  environments.set(name, environment);
  return environment;
}

const outcomes = new Map<string, Outcome>();

/** Plays an outage to its end on the flow engine with seed 1; the same course is played once only. */
export function play(name: string, course: Course = []): Outcome {
  const key = [name, ...course].join('; ');
  const outcome = outcomes.get(key) ?? playOn(environmentOf(name), course);
  outcomes.set(key, outcome);
  return outcome;
}

function playOn(environment: ContestEnvironment, course: Course): Outcome {
  const { entries } = new Timeline(environment);
  const order = createPlannedRepairs(environment, course.map(parsePlannedRepair));
  const episode = playEpisode({ environment, policies: { chaos: findPolicy('none')!.make({}), order }, seed: SEED });
  for (;;) {
    const next = episode.next();
    if (!next.done) continue;
    environment.events.removeAllListeners();
    return { course, verdict: next.value, stateHash: environment.stateHash(), entries };
  }
}
