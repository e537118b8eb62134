/** Finds agents by what the command line calls them: a scripted policy's name, a shipped agent's name, or a folder. */

import { DeeplOpsError, nearestName } from '../base/index.ts';
import type { Policy } from '../contract/index.ts';
import { findPolicy, type PolicyEntry, type PolicyResources, policyCatalogue } from '../policies/index.ts';
import type { Role } from './episode.ts';

/** An agent that can take a seat. */
export interface Agent {
  /** What it was asked for by. */
  readonly reference: string;
  /** Whether it reads the true state. */
  readonly privileged: boolean;
  make(resources: PolicyResources): Policy;
}

/** All agents there are. */
export class AgentLibrary {
  /** Folder whose subfolders are agents with a name; undefined = only scripted policies have names. */
  readonly #agentsFolder: string | undefined;

  constructor(agentsFolder: string | undefined) {
    this.#agentsFolder = agentsFolder;
  }

  /** The agent for a role; AGENT_UNKNOWN when there is none of that name or it plays the other role. */
  find(reference: string, role: Role): Agent {
    const entry = findPolicy(reference);
    if (entry === undefined) throw this.#unknown(reference, role);
    if (!entry.roles.includes(role)) {
      const message = `${reference} cannot play ${role}; it plays ${entry.roles.join(' and ')}`;
      throw new DeeplOpsError('AGENT_UNKNOWN', message);
    }
    return { reference, privileged: entry.privileged, make: (resources) => entry.make(resources) };
  }

  /** Every agent that has a name. */
  list(): Omit<PolicyEntry, 'make'>[] {
    return policyCatalogue.map(({ name, roles, privileged, meaning }) => ({ name, roles, privileged, meaning }));
  }

  #unknown(reference: string, role: Role): DeeplOpsError {
    const names = policyCatalogue.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
    const guess = nearestName(reference, names);
    const hint = `${guess ? `Did you mean ${guess}? ` : ''}Names for ${role}: ${names.join(', ')}.`;
    return new DeeplOpsError('AGENT_UNKNOWN', `there is no ${role} agent "${reference}"`, { hint });
  }
}
