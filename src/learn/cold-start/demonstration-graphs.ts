/** Who depends on whom in demonstrated episodes: graphs of the run's environments, then one for each recording. */

import { type ComponentGraph, componentGraph } from '../../neural/index.ts';
import type { RunDimensions } from '../run-dimensions.ts';
import { runGraphs } from '../run-graphs.ts';
import type { LearningTask } from '../task.ts';
import { createTask } from '../task-catalogue.ts';
import type { PlannedEpisode } from './demonstration-plan.ts';
import type { Demonstrations } from './demonstrations.ts';

/** All graphs; empty where no network asks for them. */
export function demonstrationGraphs(
  task: LearningTask,
  dimensions: RunDimensions,
  sources: readonly Demonstrations[],
): readonly ComponentGraph[] {
  const graphs = runGraphs(task, dimensions);
  if (graphs.length === 0) return graphs;
  const recorded = sources.flatMap((source) => (source.kind === 'recorded' ? source.episodes : []));
  return [...graphs, ...recorded.map((episode) => componentGraph(createTask(episode.task).topologyOf(0)))];
}

/** Which environment of the run the episode at `index` of the plan is played in; recordings bring their own. */
export function environmentOf(index: number, environments: number): number {
  return index % environments;
}

/** Position of an episode's graph. */
export function graphOfEpisode(index: number, { recording }: PlannedEpisode, environments: number): number {
  return recording === undefined ? environmentOf(index, environments) : environments + recording;
}
