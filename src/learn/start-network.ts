/** A role can start from the network of an agent only if it is of the form that the settings ask for. */

import { DeeplOpsError } from '../base/index.ts';
import type { NetworkShape } from '../neural/index.ts';
import type { NeuralAgent } from '../policies/index.ts';
import { networkShape } from './run-dimensions.ts';
import type { TaskDescription } from './task.ts';
import { createTask } from './task-catalogue.ts';
import type { TrainSettings } from './train-settings.ts';

/** SPEC_MISMATCH if a run of these settings on this task cannot start from the agent. */
export function requireStartNetwork(
  agent: NeuralAgent,
  run: { readonly task: TaskDescription; readonly settings: TrainSettings; readonly role: string },
): void {
  requireShape(agent, networkShape(createTask(run.task), run.settings, run.role));
}

/** SPEC_MISMATCH if the agent's network is of another shape. */
export function requireShape({ name, shape }: NeuralAgent, wanted: NetworkShape): void {
  const keys = Object.keys({ ...wanted, ...shape }) as (keyof NetworkShape)[];
  const others = keys.filter((key) => wanted[key] !== shape[key]);
  if (others.length === 0) return;
  const told = others.map((key) => `${key} ${shape[key] ?? 'none'} instead of ${wanted[key] ?? 'none'}`).join(', ');
  const message = `the network of the agent ${name} has other sizes or parts than the settings ask for: ${told}`;
  throw new DeeplOpsError('SPEC_MISMATCH', message, { hint: 'Set `network` in the settings to those of the agent.' });
}
