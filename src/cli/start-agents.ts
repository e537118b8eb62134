/** Agents that roles of a training run start from: found and checked first, copied into the run's folder, read from there. */

import { join } from 'node:path';
import { DeeplOpsError } from '../base/index.ts';
import { contestRoles } from '../environment/index.ts';
import { requireStartNetwork, type TaskDescription, type TrainSettings } from '../learn/index.ts';
import { readAgent, writeAgent } from '../model/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { AgentLibrary, type Role } from '../replay/index.ts';
import { fittingAgent, type SeatedTask } from './fitting-agent.ts';
import { agentsFolder } from './shipped-file.ts';

/** Agents by role. */
export type StartAgents = Readonly<Record<string, NeuralAgent>>;

/** Settings as a user writes them, with the agents that `--start-from` names; each says itself which role it plays. */
export function withStart(settings: object, references: readonly string[] = []): object {
  const { startFrom = {} } = settings as { startFrom?: object };
  const own: Record<string, string> = {};
  for (const reference of references) {
    const role = roleOf(reference);
    if (own[role] !== undefined) {
      throw new DeeplOpsError(
        'USAGE',
        `two agents play ${role}: ${own[role]} and ${reference}; a role starts from one`,
      );
    }
    own[role] = reference;
  }
  return references.length === 0 ? settings : { ...settings, startFrom: { ...startFrom, ...own } };
}

/** The agents, checked against what is trained; nothing is written. AGENT_* or SPEC_MISMATCH where one does not fit. */
export function findStartAgents(
  settings: TrainSettings,
  task: SeatedTask,
  learned: TaskDescription,
): Readonly<Record<string, NeuralAgent>> {
  const found = Object.entries(settings.startFrom).map(([name, reference]) => {
    const role = name as Role;
    const { trained } = fittingAgent(reference, role, task);
    if (trained === undefined) throw hasNoNetwork(reference);
    requireStartNetwork(trained, { task: learned, settings, role });
    return [role, trained] as const;
  });
  return Object.fromEntries(found);
}

/** Copies the agents into a run's folder. */
export function writeStartAgents(runPath: string, settings: TrainSettings, agents: StartAgents): void {
  for (const [role, agent] of Object.entries(agents)) {
    writeAgent(join(runPath, placeOf(role)), agent, { training: { copiedFrom: settings.startFrom[role] } });
  }
}

/** The agents of a run, from the copies in its folder. */
export function readStartAgents(runPath: string, settings: TrainSettings): StartAgents {
  const roles = Object.keys(settings.startFrom);
  return Object.fromEntries(roles.map((role) => [role, readAgent(join(runPath, placeOf(role))).agent]));
}

/** The settings with agents as they lie in a run's folder, by paths relative to it. */
export function copiedStart(settings: TrainSettings): TrainSettings {
  const roles = Object.keys(settings.startFrom);
  return { ...settings, startFrom: Object.fromEntries(roles.map((role) => [role, placeOf(role)])) };
}

function placeOf(role: string): string {
  return `start/${role}`;
}

/** Of two roles an agent can play only one. */
function roleOf(reference: string): Role {
  const library = new AgentLibrary(agentsFolder);
  const failures: unknown[] = [];
  for (const role of contestRoles) {
    try {
      if (library.find(reference, role).trained === undefined) throw hasNoNetwork(reference);
      return role;
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.at(-1);
}

function hasNoNetwork(reference: string): DeeplOpsError {
  const hint = 'Name the folder of a trained agent; what others do can be learned with --imitate.';
  return new DeeplOpsError('AGENT_INVALID', `${reference} has no network to start from`, { hint });
}
