/** Agents that are to take part in training, seated once so that one that does not fit is found before anything is played. */

import type { PolicyContext } from '../contract/index.ts';
import { type ContestEnvironment, createEnvironment, type EngineName } from '../environment/index.ts';
import { type Agent, AgentLibrary, perRole, type Role } from '../replay/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { agentsFolder } from './shipped-file.ts';

/** Where it is to play. */
export interface SeatedTask {
  readonly scenario: Scenario;
  readonly engine: EngineName;
}

/** The agent by this name or in this folder; AGENT_UNKNOWN, AGENT_INVALID or SPEC_MISMATCH where it cannot play there. */
export function fittingAgent(reference: string, role: Role, { scenario, engine }: SeatedTask): Agent {
  const agent = new AgentLibrary(agentsFolder).find(reference, role);
  const environment = createEnvironment(scenario, { engine });
  agent.make({ lookAhead: environment.lookAhead }).reset(seatIn(environment, role));
  return agent;
}

function seatIn({ topology, specs }: ContestEnvironment, role: Role): PolicyContext {
  return { role, topology, spec: perRole(specs, role), seed: 0 };
}
