/** Finds the folder of a trained agent: a path, or the name of an agent that comes with the program. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DeeplOpsError, nearestName } from '../base/index.ts';
import { findPolicy } from '../policies/index.ts';
import { agentsFolder } from './shipped-file.ts';

/** The folder meant; AGENT_UNKNOWN where there is none, also for scripted policies, which have nothing to load. */
export function findAgentFolder(reference: string): string {
  if (existsSync(reference)) return reference;
  const names = shippedAgents();
  if (names.includes(reference)) return join(agentsFolder, reference);
  if (findPolicy(reference) !== undefined) {
    const hint =
      'Give the folder of a trained agent, for instance what `deepl-ops train --out DIR` left in DIR/agents.';
    throw new DeeplOpsError('AGENT_UNKNOWN', `${reference} is a scripted policy: it has no network`, { hint });
  }
  const guess = nearestName(reference, names);
  const details = guess ? { hint: `Did you mean ${guess}?` } : {};
  throw new DeeplOpsError('AGENT_UNKNOWN', `there is no trained agent "${reference}"`, details);
}

function shippedAgents(): string[] {
  if (!existsSync(agentsFolder)) return [];
  return readdirSync(agentsFolder)
    .filter((name) => existsSync(join(agentsFolder, name, 'card.json')))
    .sort();
}
