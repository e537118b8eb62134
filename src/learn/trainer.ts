/** Trains the roles of a task, one iteration at a time: collect, estimate advantages, update, remember. */

import { assert, RandomStream } from '../base/index.ts';
import { type PreparedBackend, parameterCount, parameterTable, simdBackend } from '../neural/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { ArchiveKeeper } from './archive/archive-keeper.ts';
import { type ColdStartOptions, coldStartRole } from './cold-start/cold-start.ts';
import { createLearners } from './create-learners.ts';
import { difficultyAt } from './curriculum.ts';
import {
  againstLatest,
  countsForLeague,
  type EpisodeRecord,
  readEpisodes,
  summariseEpisodes,
} from './episode-statistics.ts';
import { bestSlot } from './evaluation-panel.ts';
import { Evaluator } from './evaluator.ts';
import type { IterationReport } from './iteration-report.ts';
import { League, type OpponentEntry } from './league.ts';
import { LearnerTeam } from './learner-pool.ts';
import { roleEntries } from './opponent-entries.ts';
import { type UpdateReport, updatePolicy } from './ppo-update.ts';
import { reserveRun } from './reserve-run.ts';
import type { RoleLearner } from './role-learner.ts';
import { estimateRollout } from './rollout-advantages.ts';
import { type RolloutStorage, viewRollout } from './rollout-storage.ts';
import { type RunDimensions, referenceSlot, runDimensions } from './run-dimensions.ts';
import { CONTROL, type SharedRun, versionAt } from './shared-run.ts';
import type { LearningTask, TaskDescription } from './task.ts';
import { createTask } from './task-catalogue.ts';
import { COMMAND } from './team-member.ts';
import {
  beginsTrained,
  hasReference,
  roleSettings,
  type ScheduledSetting,
  scheduledSetting,
  type TrainSettings,
} from './train-settings.ts';
import { TurnSchedule } from './turn-schedule.ts';

/** What a training run is made of. */
export interface TrainerOptions {
  readonly task: TaskDescription;
  readonly settings: TrainSettings;
  /** Threads to use, this one included; the result does not depend on it. Default 1. */
  readonly workers?: number;
  /** The backend that the settings name, prepared; left out, the SIMD backend. */
  readonly backend?: PreparedBackend;
  /** The agents that `startFrom` in the settings names, by role; they are there whether or not they learn. */
  readonly agents?: Readonly<Record<string, NeuralAgent>>;
}

/** Weight of the success rate so far against one more episode. */
const SUCCESS_DECAY = 0.98;

/** A training run in memory. Everything random in it comes from the seed; close it when done. */
export class Trainer {
  readonly task: LearningTask;
  readonly settings: TrainSettings;
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  readonly league: League;
  /** Failure scripts that were hard but solvable; undefined where there are none to keep. */
  readonly archive: ArchiveKeeper | undefined;
  readonly schedule: TurnSchedule;
  readonly learners: readonly RoleLearner[];
  readonly evaluator: Evaluator;
  readonly successRates: Record<string, number | undefined> = {};
  iteration = 0;
  steps = 0;
  readonly #entries: ReadonlyMap<string, readonly OpponentEntry[]>;
  readonly #options: TrainerOptions;
  readonly #storages: readonly RolloutStorage[];
  readonly #team: LearnerTeam;

  constructor(options: TrainerOptions) {
    const { settings, backend = simdBackend } = options;
    assert(backend.name === settings.backend, 'the backend that the settings name has been prepared');
    this.#options = options;
    this.settings = settings;
    this.task = createTask(options.task);
    const { roles, summaryKeys } = this.task;
    assert(roles.length <= 2, 'at most two roles play each other');
    this.#entries = new Map(roles.map((role) => [role, roleEntries(this.task, settings, role)]));
    const entriesMax = Math.max(...[...this.#entries.values()].map((entries) => entries.length));
    this.dimensions = runDimensions(this.task, settings, entriesMax);
    const counts = this.dimensions.roles.map(({ shape }) => parameterCount(parameterTable(shape)));
    this.shared = reserveRun(this.dimensions, { counts, summaryKeys: summaryKeys.length, settings });
    this.league = new League(settings.league, this.#entries);
    this.archive = this.#createArchive();
    this.schedule = new TurnSchedule(settings.schedule, settings.schedule.roles ?? this.task.turns);
    const { agents = {} } = options;
    this.learners = createLearners({ dimensions: this.dimensions, shared: this.shared, settings, counts, agents });
    for (const role of Object.keys(settings.startFrom)) this.league.markTrained(role);
    this.#storages = this.dimensions.roles.map((role) => viewRollout(this.shared.rollout, this.dimensions, role));
    const parts = { task: options.task, settings, dimensions: this.dimensions, shared: this.shared };
    this.#team = new LearnerTeam(parts, { members: options.workers ?? 1, backend });
    this.evaluator = new Evaluator({
      ...parts,
      task: this.task,
      learners: this.learners,
      isTrained: (role) => this.league.isTrained(role),
      run: (command) => this.#team.run(command),
    });
  }

  /** Whether all steps have been taken. */
  get done(): boolean {
    return this.steps >= this.settings.steps;
  }

  /** Learns roles from demonstrations, before the first iteration; false when told to stop before the end. */
  async coldStart({ demonstrations, proceed }: ColdStartOptions): Promise<boolean> {
    const { settings, dimensions, shared } = this;
    const task = { description: this.#options.task, made: this.task };
    const { workers = 1, backend = simdBackend } = this.#options;
    const parts = { task, settings, dimensions, shared, team: { members: workers, backend }, proceed };
    for (const [name, coldStart] of Object.entries(settings.coldStart)) {
      const role = this.#roleIndex(name);
      const sources = demonstrations[name] ?? [];
      assert(sources.length > 0, `the cold start of ${name} has demonstrations`);
      const own = { role, coldStart, sources, learner: this.learners[role]! };
      if (!(await coldStartRole({ ...parts, ...own }))) return false;
      own.learner.snapshotTo(referenceSlot(dimensions));
      for (const slot of [0, referenceSlot(dimensions)]) this.#changed(role, slot);
      this.league.markTrained(name);
    }
    return true;
  }

  /** Plays running episodes again after their ledger has been loaded from a checkpoint. */
  async restoreEpisodes(): Promise<void> {
    for (let role = 0; role < this.learners.length; role++) this.#changed(role, 0);
    await this.#team.run(COMMAND.restore);
  }

  /** One iteration of the role whose turn it is. */
  async iterate(): Promise<IterationReport> {
    const learnerName = this.schedule.learner;
    const learner = this.#roleIndex(learnerName);
    const { turn } = this.schedule;
    await this.#collect(learner);
    const episodes = readEpisodes(this.shared, this.dimensions, this.task.summaryKeys);
    this.#recordEpisodes(episodes, learner);
    const rewardScale = this.#estimateAdvantages(learner);
    const learningRate = this.#scheduled(learnerName, 'learningRate');
    const update = await this.#update(learner, learningRate);
    const decisions = this.dimensions.environments * this.dimensions.rolloutSteps;
    this.#finishIteration(learner, decisions);
    return {
      iteration: this.iteration,
      turn,
      learner: learnerName,
      steps: this.steps,
      stepsTotal: this.settings.steps,
      decisions: decisions * this.task.roles.length,
      learningRate,
      rewardScale,
      episodes: summariseEpisodes(episodes, learner, this.#opponentEntries(learner)),
      update,
      successRates: { ...this.successRates },
      archive: this.archive?.statistics,
    };
  }

  /** A role as it is now, or as it was at its best. */
  agent(role: string, name: string, which: 'present' | 'best' = 'present'): NeuralAgent {
    const index = this.#roleIndex(role);
    const { observation, action } = this.task.specs[role]!;
    const { acts } = roleSettings(this.settings, role);
    const hashes = { observationHash: observation.hash, actionHash: action.hash };
    const slot = which === 'best' ? bestSlot(this.dimensions) : 0;
    return { name, ...this.learners[index]!.copyNetwork(slot), ...hashes, acts };
  }

  /** Ends the worker threads. */
  async close(): Promise<void> {
    await this.#team.close();
  }

  async #collect(learner: number): Promise<void> {
    const { control } = this.shared;
    for (const role of this.task.roles.keys()) if (role !== learner) this.#fillEntryTables(role);
    control[CONTROL.learner] = learner;
    control[CONTROL.iteration] = this.iteration;
    this.shared.difficulty[0] = difficultyAt(this.settings.curriculum, this.steps / this.settings.steps);
    control[CONTROL.sumsWanted] = this.#scalingFollows(learner) ? 1 : 0;
    await this.#team.run(COMMAND.collect);
  }

  #fillEntryTables(role: number): void {
    const { entriesMax, scenarios } = this.dimensions;
    const name = this.task.roles[role]!;
    const quietRatio = name === this.task.quietRole ? this.settings.league.quietRatio : 0;
    for (let scenario = 0; scenario < scenarios; scenario++) {
      const archive = name === this.task.failures?.role ? this.archive?.weights(scenario) : undefined;
      const start = scenario * entriesMax;
      const table = this.shared.entryTables[role]!.subarray(start, start + entriesMax);
      this.league.drawTable(name, { quietRatio, archive }, table);
    }
  }

  #recordEpisodes(episodes: readonly EpisodeRecord[], learner: number): void {
    const opponent = this.task.roles.find((_, role) => role !== learner);
    if (opponent === undefined) return;
    this.archive?.note(episodes, learner, this.iteration);
    for (const episode of episodes) {
      if (countsForLeague(episode)) this.league.record(opponent, episode.entry, episode.successes[learner]!);
      if (!againstLatest(episode)) continue;
      for (const [role, name] of this.task.roles.entries()) {
        const before = this.successRates[name] ?? episode.successes[role]!;
        this.successRates[name] = before * SUCCESS_DECAY + episode.successes[role]! * (1 - SUCCESS_DECAY);
      }
    }
  }

  #estimateAdvantages(learner: number): number {
    const { dimensions, shared } = this;
    const { lambda } = roleSettings(this.settings, dimensions.roles[learner]!.role);
    const rewardScale = this.learners[learner]!.rewardScale(shared.featureSums, dimensions.shards);
    estimateRollout(this.#storages[learner]!, dimensions, { lambda, rewardScale });
    return rewardScale;
  }

  #update(learner: number, learningRate: number): Promise<UpdateReport> {
    const { role } = this.dimensions.roles[learner]!;
    const { adam, vector } = this.learners[learner]!;
    return updatePolicy({
      dimensions: this.dimensions,
      shared: this.shared,
      storage: this.#storages[learner]!,
      learner,
      weights: vector.weights,
      adam,
      role: roleSettings(this.settings, role),
      learningRate,
      entropyWeight: this.#scheduled(role, 'entropyWeight'),
      referenceWeight: hasReference(this.settings, role) ? this.#scheduled(role, 'referenceWeight') : 0,
      stream: new RandomStream(this.settings.seed, `transitions ${this.iteration}`),
      run: (command) => this.#team.run(command),
    });
  }

  #finishIteration(learner: number, decisions: number): void {
    const own = this.learners[learner]!;
    if (this.#scalingFollows(learner)) own.updateScaling(this.shared.featureSums, this.dimensions.shards);
    own.steps += decisions;
    this.steps += decisions;
    this.iteration++;
    const turnOver = this.schedule.advance((name) => this.successRates[name] ?? 0);
    if (!turnOver || this.task.roles.length === 1) return;
    const { role } = this.dimensions.roles[learner]!;
    const slot = this.league.takeSlot(role, this.iteration) + 1;
    own.snapshotTo(slot);
    this.#changed(learner, slot);
    this.league.markTrained(role);
  }

  /** Later, and where a role begins trained, the scaling stays, so that what the network sees no longer shifts under it. */
  #scalingFollows(learner: number): boolean {
    const { normaliseObservations, normaliseSteps } = this.settings;
    const follows = normaliseObservations && !beginsTrained(this.settings, this.task.roles[learner]!);
    return follows && this.learners[learner]!.steps < normaliseSteps;
  }

  #createArchive(): ArchiveKeeper | undefined {
    const { task, settings, dimensions, shared } = this;
    if (task.failures === undefined || dimensions.archivePlaces === 0) return undefined;
    const entries = this.#entries.get(task.failures.role)!;
    return new ArchiveKeeper({ task, space: task.failures, settings, dimensions, shared, entries });
  }

  #roleIndex(role: string): number {
    const index = this.task.roles.indexOf(role);
    assert(index >= 0, `the task has no role ${role}`);
    return index;
  }

  /** Tells the workers that a slot's weights are others now. */
  #changed(role: number, slot: number): void {
    Atomics.add(this.shared.control, versionAt(this.dimensions, role, slot), 1);
  }

  #scheduled(role: string, setting: ScheduledSetting): number {
    return scheduledSetting(roleSettings(this.settings, role), setting, this.steps / this.settings.steps);
  }

  #opponentEntries(learner: number): readonly OpponentEntry[] {
    const opponent = this.task.roles.find((_, role) => role !== learner);
    return opponent === undefined ? [{ kind: 'latest' }] : (this.#entries.get(opponent) ?? []);
  }
}
