/** One agent from two that have a common past: the mean of their weights. */

import { DeeplOpsError } from '../base/index.ts';
import type { NeuralAgent } from '../policies/index.ts';

/**
 * `share` of the second agent's weights and the rest of the first's. Where the second was trained on from the first, the
 * mean keeps most of what each does better: training for one thing costs what is shown rarely in it (Wortsman et al.,
 * Robust fine-tuning of zero-shot models, 2022). AGENT_INVALID for agents whose weights do not mean the same: of other
 * roles, networks, specs or scaling of features.
 */
export function averageAgents(first: NeuralAgent, second: NeuralAgent, share: number): NeuralAgent {
  const part = difference(first, second);
  if (part !== undefined) {
    throw new DeeplOpsError('AGENT_INVALID', `${first.name} and ${second.name} have no mean: their ${part} differ`, {
      hint: 'Average an agent with one that was trained on from it (deepl-ops train --start-from).',
    });
  }
  const weights = first.weights.map((weight, index) => {
    const other = second.weights[index] ?? weight;
    return weight + share * (other - weight);
  });
  return { ...second, weights };
}

/** In what two agents differ, beside their weights; undefined when in nothing. */
function difference(first: NeuralAgent, second: NeuralAgent): string | undefined {
  const parts = (agent: NeuralAgent): Record<string, unknown> => ({
    roles: agent.role,
    features: agent.observationHash,
    actions: agent.actionHash,
    networks: agent.shape,
    'scalings of features': Object.values(agent.scaling).map(({ means, factors }) => [[...means], [...factors]]),
  });
  const other = parts(second);
  return Object.entries(parts(first)).find(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(other[name]),
  )?.[0];
}
