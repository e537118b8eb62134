/** Who depends on whom in the environments of a run, for networks whose components hear their neighbours. */

import type { Topology } from '../contract/index.ts';
import { type ComponentGraph, componentGraph } from '../neural/index.ts';
import type { RunDimensions } from './run-dimensions.ts';
import type { LearningTask } from './task.ts';

/** A graph per environment of the run, one object for all that share a topology; empty where no network asks for it. */
export function runGraphs(task: LearningTask, { roles, environments }: RunDimensions): readonly ComponentGraph[] {
  if (!roles.some(({ shape }) => shape.messages === true)) return [];
  const graphs = new Map<Topology, ComponentGraph>();
  return Array.from({ length: environments }, (_, environment) => {
    const topology = task.topologyOf(environment);
    const graph = graphs.get(topology) ?? componentGraph(topology);
    graphs.set(topology, graph);
    return graph;
  });
}
