/** Who repairs in a replay: an agent by name or folder, or stated repairs at stated times. */
import type { Policy } from '../contract/index.ts';
import type { ContestEnvironment } from '../environment/index.ts';
import { AgentLibrary, createPlannedRepairs, type PlannedRepair } from '../replay/index.ts';
import { agentsFolder } from './shipped-file.ts';

/** What the user asked for. */
export type OrderSeat = { readonly agent: string } | { readonly repairs: readonly PlannedRepair[] };

/** The policy, and what to call it. */
export function seatedOrder(
  seat: OrderSeat,
  environment: ContestEnvironment,
): { readonly policy: Policy; readonly name: string } {
  if ('repairs' in seat) {
    const policy = createPlannedRepairs(environment, seat.repairs);
    return { policy, name: policy.name };
  }
  const agent = new AgentLibrary(agentsFolder).find(seat.agent, 'order');
  return { policy: agent.make({ lookAhead: environment.lookAhead }), name: seat.agent };
}
