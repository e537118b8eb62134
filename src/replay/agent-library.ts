/** Finds agents by what the command line calls them: the name of a scripted policy or a shipped agent, or a folder (of an agent, or of an exported model, whose rules then play). */

import { DeeplOpsError, nearestName } from '../base/index.ts';
import type { Policy } from '../contract/index.ts';
import { loadRules, looksLikeModel, type RuleSet } from '../decide/index.ts';
import { readAgent } from '../model/index.ts';
import {
  createNeuralPolicy,
  createRulesPolicy,
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
    const rules = rulesIfThere(reference);
    if (rules !== undefined) {
      checkRole(reference, ['order'], role);
      return { reference, privileged: false, make: () => createRulesPolicy(rules, reference) };
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

/** The rules of an exported order model, where the folder is one. */
function rulesIfThere(folder: string): RuleSet | undefined {
  return looksLikeModel(folder) ? loadRules(folder) : undefined;
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
