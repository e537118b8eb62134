/** Everything about a cluster that the flow engine computes once, shared by all engines of one spec. */

import type { ClusterSpec, ClusterTopology } from '../../cluster/index.ts';
import { type EdgePlan, edgePlan } from './edge-plan.ts';
import { type RetryPlan, retryPlan } from './retry-plan.ts';
import { type ServicePlan, servicePlan } from './service-plan.ts';

export interface FlowPlan extends ServicePlan, EdgePlan, RetryPlan {
  readonly tickSeconds: number;
  readonly tickMicros: number;
}

// Tables are pure functions of the spec, and many environments of one training run share it.
const plans: WeakMap<ClusterSpec, FlowPlan> = new WeakMap();

/** The plan of a cluster. */
export function flowPlan(spec: ClusterSpec, topology: ClusterTopology): FlowPlan {
  const known = plans.get(spec);
  if (known !== undefined) return known;
  const edges = edgePlan(spec, topology);
  const plan: FlowPlan = {
    ...servicePlan(spec),
    ...edges,
    ...retryPlan(edges, spec.tickSeconds),
    tickSeconds: spec.tickSeconds,
    tickMicros: Math.max(1, Math.round(spec.tickSeconds * 1e6)),
  };
  plans.set(spec, plan);
  return plan;
}
