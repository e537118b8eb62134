/** The tasks there are, by name. To add one: write it and add a line here. */

import { assert } from '../base/index.ts';
import { type ContestTaskOptions, createContestTask } from './contest-task.ts';
import type { EntitiesOptions } from './reference/entities.ts';
import {
  createAcrobotTask,
  createCartPoleTask,
  createEndlessTask,
  createEntitiesTask,
  createIdentityTask,
} from './reference/reference-tasks.ts';
import type { LearningTask, TaskDescription } from './task.ts';

const catalogue: Readonly<Record<string, (options: unknown) => LearningTask>> = {
  contest: (options) => createContestTask(options as ContestTaskOptions),
  acrobot: createAcrobotTask,
  'cart-pole': createCartPoleTask,
  endless: createEndlessTask,
  identity: (options) => createIdentityTask(options as { states: number; invalid: number }),
  entities: (options) => createEntitiesTask(options as EntitiesOptions),
};

/** Makes the task that a description names. */
export function createTask({ name, options }: TaskDescription): LearningTask {
  const make = catalogue[name];
  assert(make !== undefined, `there is no learning task ${name}`);
  return make(options);
}
