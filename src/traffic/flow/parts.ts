/** What every part of the flow engine works on. */

import type { TrafficContext } from '../../cluster/index.ts';
import type { FlowPlan } from './plan.ts';
import type { FlowState } from './state.ts';

const UNBOUND: Float64Array = new Float64Array();

/** Plan, state and context of one engine, with the packed tables within reach. */
export class FlowParts {
  readonly plan: FlowPlan;
  readonly flow: FlowState;
  readonly context: TrafficContext;
  /** Packed rows of `Replica`, `Service`, `Edge` and `Gate`, once the layout is built. */
  replicas: Float64Array = UNBOUND;
  services: Float64Array = UNBOUND;
  edges: Float64Array = UNBOUND;
  gates: Float64Array = UNBOUND;

  constructor(plan: FlowPlan, flow: FlowState, context: TrafficContext) {
    this.plan = plan;
    this.flow = flow;
    this.context = context;
  }

  /** Takes hold of the packed tables; call once the layout is built. */
  bind(): void {
    this.replicas = this.flow.replicas.value;
    this.services = this.flow.services.value;
    this.edges = this.flow.edges.value;
    this.gates = this.flow.gates.value;
  }
}
