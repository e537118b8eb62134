/** A conformance check for environments behind the interface: seeding, determinism, spaces, masks, step results. */

import { RandomStream } from '../base/index.ts';
import { choiceCount, type Environment, NO_OP, type Observation, type StepResult } from '../contract/index.ts';

/** One thing that does not hold, with the step at which it showed. */
export interface Finding {
  readonly check: string;
  readonly step: number;
  readonly what: string;
}

export interface CheckOptions {
  readonly seed?: number;
  /** Steps of each trial; episodes that end are begun anew. */
  readonly steps?: number;
}

/** Runs all checks on environments that `make` makes; an empty list means that they all hold. */
export function checkEnvironment(make: () => Environment, options: CheckOptions = {}): Finding[] {
  const trial = { seed: options.seed ?? 1, steps: options.steps ?? 64 };
  const findings: Finding[] = [];
  const run = (check: string, body: (report: (step: number, what: string) => void) => void): void => {
    body((step, what) => findings.push({ check, step, what }));
  };
  run('spaces', (report) => checkSpaces(make(), trial, report));
  run('same seed, same episode', (report) => compareRuns([make(), make()], [trial.seed, trial.seed], trial, report));
  run('reset forgets', (report) => checkResetForgets(make(), make(), trial, report));
  run('other seed, other episode', (report) => checkSeedMatters(make, trial, report));
  run('snapshot and restore', (report) => checkSnapshot(make(), trial, report));
  run('illegal choices are refused', (report) => checkRefusal(make(), trial, report));
  return findings;
}

interface Trial {
  readonly seed: number;
  readonly steps: number;
}

type Report = (step: number, what: string) => void;

function checkSpaces(environment: Environment, trial: Trial, report: Report): void {
  const actors = new Actors(environment, trial.seed);
  let { observations } = environment.reset({ seed: trial.seed });
  for (let step = 0; step < trial.steps; step += 1) {
    for (const role of environment.roles) checkObservation(environment, role, observations[role], step, report);
    const result = environment.step(actors.choose(observations));
    checkResult(environment, result, step, report);
    observations =
      result.terminated || result.truncated ? environment.reset({ seed: step }).observations : result.observations;
  }
}

function checkObservation(
  environment: Environment,
  role: string,
  seen: Observation | undefined,
  step: number,
  report: Report,
): void {
  const spec = environment.specs[role];
  if (seen === undefined || spec === undefined) {
    report(step, `${role} has no observation or no specs`);
    return;
  }
  const components = environment.topology.components.length;
  const expected = {
    components: components * spec.observation.componentFeatures.length,
    cluster: spec.observation.clusterFeatures.length,
    critic: spec.observation.criticFeatures.length,
    mask: choiceCount(components, spec.action.verbs.length),
  };
  for (const [part, length] of Object.entries(expected) as [keyof Observation, number][]) {
    if (seen[part].length !== length) report(step, `${role}.${part} has ${seen[part].length} entries, not ${length}`);
    if (seen[part].some((value) => !Number.isFinite(value))) report(step, `${role}.${part} is not finite`);
  }
  if (!seen.mask.includes(1)) report(step, `${role} has no legal choice`);
}

function checkResult(environment: Environment, result: StepResult<unknown>, step: number, report: Report): void {
  for (const role of environment.roles) {
    if (!Number.isFinite(result.rewards[role])) report(step, `the reward of ${role} is not a finite number`);
  }
  if (!(result.elapsedSeconds > 0)) report(step, 'a step takes simulated time');
  if (result.terminated && result.truncated) report(step, 'an episode is terminated or truncated, not both');
}

function checkResetForgets(used: Environment, fresh: Environment, trial: Trial, report: Report): void {
  const actors = new Actors(used, trial.seed + 1);
  let { observations } = used.reset({ seed: trial.seed + 1 });
  for (let step = 0; step < trial.steps; step += 1) {
    const result = used.step(actors.choose(observations));
    if (result.terminated || result.truncated) break;
    observations = result.observations;
  }
  compareRuns([used, fresh], [trial.seed, trial.seed], trial, report);
}

function checkSeedMatters(make: () => Environment, trial: Trial, report: Report): void {
  let differs = false;
  compareRuns([make(), make()], [trial.seed, trial.seed + 1], trial, () => {
    differs = true;
  });
  if (!differs) report(0, 'two seeds give the same episode');
}

function compareRuns(
  environments: [Environment, Environment],
  seeds: [number, number],
  trial: Trial,
  report: Report,
): void {
  const [first, second] = environments;
  const actors = new Actors(first, trial.seed);
  let { observations } = first.reset({ seed: seeds[0] });
  let others = second.reset({ seed: seeds[1] }).observations;
  for (let step = 0; step < trial.steps; step += 1) {
    if (first.stateHash() !== second.stateHash()) {
      report(step, 'the states differ');
      return;
    }
    const choices = actors.choose(observations);
    // Under another seed the same choices may not be legal.
    const pair = seeds[0] === seeds[1] ? [choices, choices] : [firstLegal(observations), firstLegal(others)];
    const results = [first.step(pair[0]!), second.step(pair[1]!)] as const;
    const differing = first.roles.find((role) => results[0].rewards[role] !== results[1].rewards[role]);
    if (differing !== undefined) report(step, `rewards of ${differing} differ`);
    if (results.some(({ terminated, truncated }) => terminated || truncated)) return;
    observations = results[0].observations;
    others = results[1].observations;
  }
}

function checkSnapshot(environment: Environment, trial: Trial, report: Report): void {
  const start = environment.reset({ seed: trial.seed });
  const snapshot = environment.snapshot();
  const straight = hashes(environment, start.observations, trial);
  const again = hashes(environment, environment.restore(snapshot).observations, trial);
  const step = straight.findIndex((hash, index) => hash !== again[index]);
  if (step >= 0) report(step, 'going on after restore differs from going straight on');
}

function hashes(environment: Environment, first: StepResult<unknown>['observations'], trial: Trial): string[] {
  const actors = new Actors(environment, trial.seed);
  const result: string[] = [];
  let observations = first;
  for (let step = 0; step < trial.steps; step += 1) {
    const { terminated, truncated, observations: next } = environment.step(actors.choose(observations));
    result.push(environment.stateHash());
    if (terminated || truncated) break;
    observations = next;
  }
  return result;
}

function checkRefusal(environment: Environment, trial: Trial, report: Report): void {
  const { observations } = environment.reset({ seed: trial.seed });
  for (const role of environment.roles) {
    const illegal = observations[role]!.mask.indexOf(0);
    if (illegal < 0) continue;
    const before = environment.stateHash();
    try {
      environment.step({ ...firstLegal(observations), [role]: illegal });
      report(0, `${role} was allowed the illegal choice ${illegal}`);
    } catch {
      if (environment.stateHash() !== before) report(0, 'a refused choice changed the state');
    }
  }
}

/** The first legal choice of every role: the no-op where it is one. */
function firstLegal(observations: StepResult<unknown>['observations']): Record<string, number> {
  return Object.fromEntries(Object.entries(observations).map(([role, { mask }]) => [role, mask.indexOf(1)]));
}

/** Random legal choices, each role from a stream of its own. */
class Actors {
  readonly #streams: ReadonlyMap<string, RandomStream>;

  constructor(environment: Environment, seed: number) {
    this.#streams = new Map(environment.roles.map((role) => [role, new RandomStream(seed, `check/${role}`)]));
  }

  choose(observations: Readonly<Record<string, Observation>>): Record<string, number> {
    const choices: Record<string, number> = {};
    for (const [role, stream] of this.#streams) {
      const legal = [...observations[role]!.mask.keys()].filter((choice) => observations[role]!.mask[choice] === 1);
      choices[role] = legal[stream.integer(legal.length)] ?? NO_OP;
    }
    return choices;
  }
}
