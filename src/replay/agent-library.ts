/** Finds agents by what the command line calls them: a scripted policy's name, a shipped agent's name, or a folder. */

import { DeeplOpsError, nearestName } from '../base/index.ts';
import type { Policy } from '../contract/index.ts';
import { readAgent } from '../model/index.ts';
import {
  createNeuralPolicy,
  findPolicy,
  type NeuralAgent,
  type PolicyResources,
  policyCatalogue,
} from '../policies/index.ts';
import type { Role } from './episode.ts';

/** An agent that can take a seat. */
export interface Agent {
  /** What it was asked for by. */
  readonly reference: string;
  /** Whether it reads the true state. */
  readonly privileged: boolean;
  /** Its network, where it has one. */
  readonly trained?: NeuralAgent;
  make(resources: PolicyResources): Policy;
}

/** All agents there are. */
export class AgentLibrary {
  /** Folder whose subfolders are agents with a name; undefined = only scripted policies have names. */
  readonly #agentsFolder: string | undefined;

  constructor(agentsFolder: string | undefined) {
    this.#agentsFolder = agentsFolder;
  }

  /** The agent for a role; AGENT_UNKNOWN when there is none or it plays the other role, AGENT_INVALID when damaged. */
  find(reference: string, role: Role): Agent {
    const entry = findPolicy(reference);
    if (entry) {
      checkRole(reference, entry.roles, role);
      return { reference, privileged: entry.privileged, make: (resources) => entry.make(resources) };
    }
    const trained = this.#readTrained(reference);
    if (trained === undefined) throw unknown(reference, role);
    checkRole(reference, [trained.role], role);
    return { reference, privileged: false, trained, make: () => createNeuralPolicy(trained) };
  }

  /** A name goes before a folder of the same name. */
  #readTrained(reference: string) {
    const isName = /^[\w.-]+$/.test(reference) && this.#agentsFolder !== undefined;
    const named = isName ? readIfThere(`${this.#agentsFolder}/${reference}`) : undefined;
    return named ?? readIfThere(reference);
  }
}

function readIfThere(folder: string) {
  try {
    return readAgent(folder).agent;
  } catch (error) {
    if (error instanceof DeeplOpsError && error.code === 'AGENT_UNKNOWN') return undefined;
    throw error;
  }
}

function checkRole(reference: string, roles: readonly string[], role: Role): void {
  if (roles.includes(role)) return;
  throw new DeeplOpsError('AGENT_UNKNOWN', `${reference} cannot play ${role}; it plays ${roles.join(' and ')}`);
}

function unknown(reference: string, role: Role): DeeplOpsError {
  const names = policyCatalogue.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
  const guess = nearestName(reference, names);
  const hint = `${guess ? `Did you mean ${guess}? ` : ''}Give an agent's folder, or a name: ${names.join(', ')}.`;
  return new DeeplOpsError('AGENT_UNKNOWN', `there is no ${role} agent "${reference}"`, { hint });
}
