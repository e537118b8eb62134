/** The tasks there are, by name. To add one: write it and add a line here; reference tasks have a catalogue of their own. */

import { type ContestTaskOptions, createContestTask } from './contest-task.ts';
import type { EntitiesOptions } from './reference/entities.ts';
import { createEntitiesTask, createReferenceTask } from './reference/reference-tasks.ts';
import type { LearningTask, TaskDescription } from './task.ts';

const catalogue: Readonly<Record<string, (options: unknown) => LearningTask>> = {
  contest: (options) => createContestTask(options as ContestTaskOptions),
  entities: (options) => createEntitiesTask(options as EntitiesOptions),
};

/** Makes the task that a description names. */
export function createTask({ name, options }: TaskDescription): LearningTask {
  return catalogue[name]?.(options) ?? createReferenceTask(name, options);
}
