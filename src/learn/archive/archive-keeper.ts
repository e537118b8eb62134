/**
 * Keeps the archives of all scenarios of a run, on the main thread and in a fixed order: notes how archived scripts
 * fared, takes new ones on trial, and lays them out in shared memory, where the workers find them.
 */

import { RandomStream } from '../../base/index.ts';
import type { EpisodeRecord } from '../episode-statistics.ts';
import { LATEST_ENTRY, type OpponentEntry } from '../league.ts';
import type { RunDimensions } from '../run-dimensions.ts';
import type { SharedRun } from '../shared-run.ts';
import type { LearningTask } from '../task.ts';
import type { TrainSettings } from '../train-settings.ts';
import { type ArchiveReport, reportArchives, type ScenarioNames } from './archive-report.ts';
import { type DueChoice, readScriptRow, type ScriptRow, writeScriptRow } from './failure-script.ts';
import type { FailureScenario, FailureSpace } from './failure-space.ts';
import { type MutationSpace, mutateScript } from './mutate-script.ts';
import {
  AVOIDABLE_MIN,
  learnability,
  type NewScript,
  ScriptArchive,
  type ScriptArchiveState,
  successRate,
} from './script-archive.ts';

/** The archives as plain data. */
export interface ArchiveState {
  readonly serial: number;
  readonly scenarios: readonly ScriptArchiveState[];
}

/** Where the archives stand, over all scenarios. */
export interface ArchiveStatistics {
  readonly kept: number;
  readonly onTrial: number;
  /** Means over kept scripts; undefined while there are none. */
  readonly learnabilityMean: number | undefined;
  readonly successMean: number | undefined;
}

/** What the keeper works with. */
export interface KeeperParts {
  readonly task: LearningTask;
  readonly space: FailureSpace;
  readonly settings: TrainSettings;
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  /** The breaking role's entries in the league. */
  readonly entries: readonly OpponentEntry[];
}

/** An episode of this iteration that was left broken. */
interface Finding {
  readonly row: ScriptRow;
  readonly faults: readonly DueChoice[];
}

/** What scripts of a scenario can be made of, and what to call it. */
interface World {
  readonly mutations: MutationSpace;
  readonly names: ScenarioNames;
}

/** All archives of a run. */
export class ArchiveKeeper {
  /** By scenario. */
  readonly archives: readonly ScriptArchive[];
  readonly #parts: KeeperParts;
  readonly #breaker: number;
  readonly #worlds: readonly World[];
  #serial = 0;

  constructor(parts: KeeperParts) {
    const { task, space, settings } = parts;
    this.#parts = parts;
    this.#breaker = task.roles.indexOf(space.role);
    this.archives = space.scenarios.map(() => new ScriptArchive(settings.league.archive));
    this.#worlds = describeWorlds(parts);
  }

  /** What each place of a scenario's archive gets of the archive's share of episodes. */
  weights(scenario: number): readonly number[] {
    return this.archives[scenario]!.weights();
  }

  /** Takes in the episodes that ended in an iteration in which `learner` learned. */
  note(episodes: readonly EpisodeRecord[], learner: number, iteration: number): void {
    const findings = this.archives.map((): Finding[] => []);
    for (const episode of episodes) {
      if (episode.mixed) continue;
      const scenario = this.#parts.space.scenarioOf(episode.environment);
      const finding = learner === this.#breaker ? this.#judgeOwn(episode) : this.#judgeMet(episode, scenario);
      if (finding !== undefined) findings[scenario]!.push(finding);
    }
    for (const [scenario, found] of findings.entries()) this.#fill(scenario, found, iteration);
    this.#share();
  }

  get statistics(): ArchiveStatistics {
    const kept = this.archives.flatMap((archive) => archive.kept);
    return {
      kept: kept.length,
      onTrial: this.archives.reduce((sum, archive) => sum + archive.onTrial.length, 0),
      learnabilityMean: mean(kept.map(learnability)),
      successMean: mean(kept.map(successRate)),
    };
  }

  /** All kept scripts in words. */
  report(iteration: number): ArchiveReport {
    const names = this.#worlds.map((world) => world.names);
    return reportArchives(this.archives, names, iteration);
  }

  save(): ArchiveState {
    return { serial: this.#serial, scenarios: this.archives.map((archive) => archive.save()) };
  }

  load(state: ArchiveState): void {
    this.#serial = state.serial;
    for (const [index, archive] of this.archives.entries()) archive.load(state.scenarios[index]!);
    this.#share();
  }

  /** An episode in which the breaking role learned: a find when good repair would have avoided most of the loss. */
  #judgeOwn(episode: EpisodeRecord): Finding | undefined {
    const finding = this.#broken(episode);
    const avoidable = finding?.row.avoidable ?? 0;
    return avoidable >= AVOIDABLE_MIN && episode.entry === LATEST_ENTRY ? finding : undefined;
  }

  /** An episode in which the other role learned: a play of an archived script, or a find. */
  #judgeMet(episode: EpisodeRecord, scenario: number): Finding | undefined {
    const kind = this.#parts.entries[episode.entry]?.kind;
    if (kind === 'silent') return undefined;
    if (kind !== 'archive') return this.#broken(episode);
    const { serial, seed, faults = [] } = this.#row(episode);
    this.archives[scenario]!.record({ serial, seed, faults, success: this.#repairedShare(episode) });
    return undefined;
  }

  #broken(episode: EpisodeRecord): Finding | undefined {
    if (this.#repairedShare(episode) >= 0.5) return undefined;
    const row = this.#row(episode);
    return row.faults === undefined ? undefined : { row, faults: row.faults };
  }

  #repairedShare({ successes }: EpisodeRecord): number {
    return successes[1 - this.#breaker]!;
  }

  #row({ environment, index }: EpisodeRecord): ScriptRow {
    const { dimensions, shared } = this.#parts;
    const start = (environment * dimensions.rolloutSteps + index) * dimensions.scriptWidth;
    return readScriptRow(shared.records.scripts.subarray(start, start + dimensions.scriptWidth));
  }

  /** Gives free places on trial to mutations of kept scripts and to finds, drawn without replacement. */
  #fill(scenario: number, findings: readonly Finding[], iteration: number): void {
    const archive = this.archives[scenario]!;
    const { seed, league } = this.#parts.settings;
    const stream = new RandomStream(seed, `archive ${scenario} ${iteration}`);
    const left = [...findings];
    // Each round takes a find or a mutation; mutations that are known already end it.
    while (archive.hasRoom) {
      const mutate = archive.kept.length > 0 && (left.length === 0 || stream.uniform() < league.archive.mutationRatio);
      if (!mutate && left.length === 0) return;
      const script = mutate ? this.#child(scenario, stream) : foundScript(left, stream);
      const taken = script !== undefined && archive.admit({ ...script, serial: this.#serial + 1, iteration });
      if (taken) this.#serial += 1;
      else if (mutate) return;
    }
  }

  #child(scenario: number, stream: RandomStream): Omit<NewScript, 'serial' | 'iteration'> | undefined {
    const archive = this.archives[scenario]!;
    const script = archive.draw(stream);
    const partner = archive.draw(stream);
    if (script === undefined || partner === undefined) return undefined;
    const parents = { script: script.faults, partner: partner.faults };
    const faults = mutateScript(parents, this.#worlds[scenario]!.mutations, stream);
    if (faults === undefined) return undefined;
    const family = { parents: [script.serial, partner.serial], generation: script.generation + 1 };
    return { faults, origin: 'mutated', ...family, seed: null, avoidable: undefined };
  }

  /** Writes every place to shared memory. */
  #share(): void {
    const { dimensions, shared, space, settings } = this.#parts;
    const { scriptWidth, archivePlaces } = dimensions;
    for (const [scenario, archive] of this.archives.entries()) {
      for (const [place, script] of archive.places.entries()) {
        const start = (scenario * archivePlaces + place) * scriptWidth;
        const row = shared.archive.subarray(start, start + scriptWidth);
        const { serial = 0, seed = 0, faults = [] } = script ?? {};
        const due = withDeadlines(faults, space.scenarios[scenario]!, settings.league.archive.retries);
        writeScriptRow(row, { serial, seed: seed ?? 0, avoidable: undefined, faults: due });
      }
    }
  }
}

function foundScript(left: Finding[], stream: RandomStream): Omit<NewScript, 'serial' | 'iteration'> | undefined {
  const [finding] = left.splice(stream.integer(left.length), 1);
  if (finding === undefined) return undefined;
  const faults = finding.faults.map(({ step, choice }) => ({ step, choice }));
  const { seed, avoidable } = finding.row;
  return { faults, origin: 'found', parents: [], generation: 0, seed, avoidable };
}

/** A fault that is not legal at its step is tried again at so many decisions of the breaking role. */
function withDeadlines(
  faults: readonly { readonly step: number; readonly choice: number }[],
  { moments }: FailureScenario,
  retries: number,
): DueChoice[] {
  return faults.map(({ step, choice }) => {
    const moment = moments.findIndex((each) => each.step >= step);
    const last = moment < 0 ? undefined : moments[Math.min(moments.length - 1, moment + retries)];
    return { step, choice, stepMax: last?.step ?? step };
  });
}

/** By scenario: what is legal at the beginning of an episode is what mutations are made of. */
function describeWorlds({ task, space, settings }: KeeperParts): World[] {
  const size = space.scenarios.length;
  const environment = task.createEnvironment({ first: 0, size });
  const verbs = environment.specs[space.role]!.action.verbs.map(({ name }) => name);
  const { mask } = environment.buffers[space.role]!;
  const width = mask.length / size;
  return space.scenarios.map((scenario, index) => {
    environment.resetOne(index, 0);
    const legal = mask.subarray(index * width, (index + 1) * width);
    const choices = [...legal.keys()].filter((choice) => choice > 0 && legal[choice] === 1);
    const steps = scenario.moments.map(({ step }) => step);
    const components = environment.topologyOf(index).components.map(({ name }) => name);
    const { faultsMax } = settings.league.archive;
    return {
      mutations: { choices, verbs: verbs.length, steps, faultsMax },
      names: { ...scenario, components, verbs },
    };
  });
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
