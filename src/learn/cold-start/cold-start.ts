/**
 * The cold start of a role: demonstrators play, the role learns to choose as they do and to value what followed; in
 * further rounds, or in all if it starts from an agent, it plays itself and they show what they would have done (DAgger). What comes out depends on the settings
 * and the demonstrations alone, never on the number of workers.
 */

import { RandomStream } from '../../base/index.ts';
import { choiceCount } from '../../contract/index.ts';
import { type PreparedBackend, scaleRows } from '../../neural/index.ts';
import { LearnerTeam } from '../learner-pool.ts';
import type { RoleLearner } from '../role-learner.ts';
import type { RunDimensions } from '../run-dimensions.ts';
import { CONTROL, type SharedRun } from '../shared-run.ts';
import type { LearningTask, TaskDescription } from '../task.ts';
import { createTask } from '../task-catalogue.ts';
import { COMMAND } from '../team-member.ts';
import type { TrainSettings } from '../train-settings.ts';
import type { ColdStartSettings } from './cold-start-settings.ts';
import { type PlannedEpisode, planDemonstrations } from './demonstration-plan.ts';
import { createDemonstrationStore, type DemonstrationStore } from './demonstration-store.ts';
import type { Demonstrations } from './demonstrations.ts';
import { SCORE_SUMS } from './held-out-score.ts';
import { type EpochReport, imitate } from './imitation.ts';
import type { ImitationParts } from './imitation-parts.ts';

/** How far a cold start has come. */
export type ColdStartProgress =
  | { readonly kind: 'demonstrated'; readonly role: string; readonly episodes: number; readonly episodesTotal: number }
  | ({ readonly kind: 'imitated'; readonly role: string; readonly round: number } & DemonstrationCounts & EpochReport);

/** What has been demonstrated so far. */
interface DemonstrationCounts {
  readonly episodes: number;
  /** Decisions with something to choose, and those in which the demonstrator acted. */
  readonly decisions: number;
  readonly actions: number;
  /** Decisions kept to learn from, and those kept to measure. */
  readonly decisionsLearned: number;
  readonly decisionsHeldOut: number;
}

/** What a cold start needs beside the settings. */
export interface ColdStartOptions {
  /** By role. */
  readonly demonstrations: Readonly<Record<string, readonly Demonstrations[]>>;
  /** Called after each bit of work; false ends the work. */
  proceed(progress: ColdStartProgress): Promise<boolean>;
}

/** What the cold start of one role works on. */
export interface ColdStartParts {
  readonly task: { readonly description: TaskDescription; readonly made: LearningTask };
  readonly settings: TrainSettings;
  readonly coldStart: ColdStartSettings;
  readonly sources: readonly Demonstrations[];
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  /** Index of the role. */
  readonly role: number;
  readonly learner: RoleLearner;
  readonly team: { readonly members: number; readonly backend: PreparedBackend };
  readonly proceed: ColdStartOptions['proceed'];
}

/** Runs all rounds; false when told to stop, and then the role is as good as new only if made anew. */
export async function coldStartRole(parts: ColdStartParts): Promise<boolean> {
  const work = prepare(parts);
  const { task, settings } = parts;
  const { dimensions, shared, imitation } = work;
  const team = new LearnerTeam({ task: task.description, settings, dimensions, shared, imitation }, parts.team);
  try {
    const start = { ...parts, ...work, run: (command: number) => team.run(command) };
    let rewardScale = 1;
    for (let round = 1; round <= parts.coldStart.rounds; round++) {
      const bounds = roundBounds(work.plan, round);
      // Recordings alone have one round.
      if (bounds.first === bounds.end) break;
      if (!(await demonstrate(start, bounds))) return false;
      if (round === 1) rewardScale = fitScaling(start, bounds.end);
      scale(start, bounds, rewardScale);
      if (!(await learn(start, round, bounds.end))) return false;
    }
    return true;
  } finally {
    await team.close();
  }
}

/** Episodes per worker between two looks at news: fewer let workers wait for each other, as episodes last unequally. */
const EPISODES_TOGETHER = 4;

interface Work {
  readonly plan: readonly PlannedEpisode[];
  readonly store: DemonstrationStore;
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  readonly imitation: ImitationParts;
}

type Start = ColdStartParts & Work & { run(command: number): Promise<void> };

/** Shares weights and gradients with the run, and has commands and an order of samples of its own. */
function prepare({ settings, coldStart, sources, dimensions, shared, role, task }: ColdStartParts): Work {
  const own = dimensions.roles[role]!;
  const { rounds, heldOutShare } = coldStart;
  const plan = planDemonstrations(sources, { role: own.role, seed: settings.seed, rounds, heldOutShare });
  const recorded = sources.flatMap((source) => (source.kind === 'recorded' ? source.episodes : []));
  const componentsMax = Math.max(
    task.made.componentsMax,
    ...recorded.map((episode) => createTask(episode.task).componentsMax),
  );
  const roles = dimensions.roles.map((each) => ({ ...each, choicesMax: choiceCount(componentsMax, each.shape.verbs) }));
  const slotsPerEpisode = Math.max(
    task.made.episodeStepsMax,
    ...recorded.map(({ choices }) => choices[own.role]!.length),
  );
  const store = createDemonstrationStore({ role: roles[role]!, componentsMax, episodes: plan.length, slotsPerEpisode });
  const scores = new Float64Array(new SharedArrayBuffer(8 * dimensions.gradientShards * SCORE_SUMS));
  const order = new Int32Array(new SharedArrayBuffer(4 * plan.length * slotsPerEpisode));
  const control = new Int32Array(new SharedArrayBuffer(shared.control.byteLength));
  return {
    plan,
    store,
    dimensions: { ...dimensions, roles, componentsMax },
    shared: { ...shared, order, control },
    imitation: { role, coldStart, sources, store, scores },
  };
}

/** Plays a round's episodes, a few per worker at a time, so that news and requests to stop come through. */
async function demonstrate(start: Start, { first, end }: EpisodeRange): Promise<boolean> {
  const { plan, shared, team, dimensions, role, run } = start;
  const name = dimensions.roles[role]!.role;
  const together = team.members * EPISODES_TOGETHER;
  for (let episode = first; episode < end; episode += together) {
    const next = Math.min(end, episode + together);
    shared.control[CONTROL.minibatchStart] = episode;
    shared.control[CONTROL.minibatchEnd] = next;
    shared.control[CONTROL.nextGradientShard] = 0;
    await run(COMMAND.demonstrate);
    const done = { episodes: next, episodesTotal: plan.length };
    if (!(await start.proceed({ kind: 'demonstrated', role: name, ...done }))) return false;
  }
  return true;
}

async function learn(start: Start, round: number, episodes: number): Promise<boolean> {
  const { settings, coldStart, shared, dimensions, role, learner, store, imitation } = start;
  const name = dimensions.roles[role]!.role;
  const counts = listDecisions(start, episodes);
  if (counts.decisionsLearned === 0) return true;
  return await imitate({
    settings: coldStart,
    dimensions,
    shared,
    store,
    learner: role,
    scores: imitation.scores,
    learned: counts.decisionsLearned,
    heldOut: counts.decisionsHeldOut,
    weights: learner.vector.weights,
    stream: new RandomStream(settings.seed, `imitation ${name} ${round}`),
    run: start.run,
    proceed: (report) => start.proceed({ kind: 'imitated', role: name, round, ...counts, ...report }),
  });
}

/** Writes the slots to learn from to `order`, and behind them those that were held out. */
function listDecisions({ plan, store, shared }: Start, end: number): DemonstrationCounts {
  const lists = { learned: [] as number[], heldOut: [] as number[] };
  for (let episode = 0; episode < end; episode++) {
    const list = plan[episode]!.heldOut ? lists.heldOut : lists.learned;
    const first = episode * store.slotsPerEpisode;
    for (let slot = first; slot < first + store.kept[episode]!; slot++) {
      if (store.samples.weights[slot]! > 0) list.push(slot);
    }
  }
  shared.order.set(lists.learned);
  shared.order.set(lists.heldOut, lists.learned.length);
  const sum = (numbers: Int32Array): number => numbers.subarray(0, end).reduce((total, number) => total + number, 0);
  return {
    episodes: end,
    decisions: sum(store.decisions),
    actions: sum(store.actions),
    decisionsLearned: lists.learned.length,
    decisionsHeldOut: lists.heldOut.length,
  };
}

/**
 * Scaling comes from the first round, or the agent that the role starts from, and stays, so that what the network sees does
 * not shift under what it has learned.
 */
function fitScaling({ learner, store, settings, dimensions, role }: Start, episodes: number): number {
  const startsFromAgent = settings.startFrom[dimensions.roles[role]!.role] !== undefined;
  const sums = store.sums.subarray(0, (store.sums.length / store.episodes) * episodes);
  if (settings.normaliseObservations && !startsFromAgent) learner.updateScaling(sums, episodes);
  return learner.rewardScale(sums, episodes);
}

/** Scales what was stored as it was seen: features, and returns like the rewards of play. */
function scale({ learner, store }: Start, { first, end }: EpisodeRange, rewardScale: number): void {
  const { samples, slotsPerEpisode, componentsMax } = store;
  const { components, cluster, critic } = learner.vector;
  for (let episode = first; episode < end; episode++) {
    for (let slot = episode * slotsPerEpisode, left = store.kept[episode]!; left > 0; slot++, left--) {
      for (const [array, scaling, room, rows] of [
        [samples.components, components, componentsMax, samples.counts[slot]!],
        [samples.cluster, cluster, 1, 1],
        [samples.critic, critic, 1, 1],
      ] as const) {
        const from = slot * room * scaling.means.length;
        scaleRows(array, array, scaling, { sourceStart: from, targetStart: from, rows });
      }
      samples.returns[slot] = samples.returns[slot]! * rewardScale;
    }
  }
}

/** Episodes `first .. end - 1` of the plan. */
interface EpisodeRange {
  readonly first: number;
  readonly end: number;
}

function roundBounds(plan: readonly PlannedEpisode[], round: number): EpisodeRange {
  const first = plan.findIndex((episode) => episode.round === round);
  const count = plan.filter((episode) => episode.round === round).length;
  return { first: first < 0 ? plan.length : first, end: first < 0 ? plan.length : first + count };
}
