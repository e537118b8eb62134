/** What every part of the flow engine works on. */

import type { TrafficContext } from '../../cluster/index.ts';
import type { FlowPlan } from './plan.ts';
import type { FlowState } from './state.ts';

export interface FlowParts {
  readonly plan: FlowPlan;
  readonly flow: FlowState;
  readonly context: TrafficContext;
}
