/** One worker's half of the work, on whatever thread: its shards of environments, and gradients. */

import { assert } from '../base/index.ts';
import type { BackendLibrary, PreparedBackend } from '../neural/index.ts';
import { BackendCache } from './backend-cache.ts';
import type { ImitationParts } from './cold-start/imitation-parts.ts';
import { EvaluationLane } from './evaluation-lane.ts';
import { GradientJob, rolloutSamples } from './gradient-job.ts';
import { ReferenceLogits } from './reference-logits.ts';
import { RolloutShard } from './rollout-shard.ts';
import type { RunDimensions } from './run-dimensions.ts';
import { runGraphs } from './run-graphs.ts';
import { CONTROL, type SharedRun } from './shared-run.ts';
import type { TaskDescription } from './task.ts';
import { createTask } from './task-catalogue.ts';
import type { TrainSettings } from './train-settings.ts';

/** Commands that the trainer gives to all members at once. */
export const COMMAND = {
  exit: 0,
  restore: 1,
  collect: 2,
  gradients: 3,
  evaluate: 4,
  refer: 5,
  demonstrate: 6,
  score: 7,
} as const;

/** What a member is made of; plain data and shared memory, so that it can be handed to a thread. */
export interface MemberParts {
  readonly task: TaskDescription;
  readonly settings: TrainSettings;
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  /** What computes; the same for all members, as results depend on it. */
  readonly library: BackendLibrary;
  /** Position in the team and its size: shard s belongs to member s % members. */
  readonly member: number;
  readonly members: number;
  /** For the team of a cold start, which plays no rollouts. */
  readonly imitation?: ImitationParts;
}

/** Executes commands; all of a team's members together do the whole. */
export class TeamMember {
  readonly #shared: SharedRun;
  readonly #shards: readonly RolloutShard[];
  readonly #ownShards: readonly number[];
  readonly #gradientJob: GradientJob;
  readonly #makeLanes: () => readonly EvaluationLane[];
  #lanes: readonly EvaluationLane[] | undefined;
  readonly #referenceLogits: ReferenceLogits;

  constructor(
    { task: description, settings, dimensions, shared, member, members }: MemberParts,
    prepared: PreparedBackend,
  ) {
    const task = createTask(description);
    const backends = new BackendCache(dimensions, shared, prepared);
    const graphs = runGraphs(task, dimensions);
    const own = Array.from({ length: dimensions.shards }, (_, shard) => shard).filter((s) => s % members === member);
    this.#shared = shared;
    this.#ownShards = own;
    const parts = { task, settings, dimensions, shared, backends, graphs };
    this.#shards = own.map((shard) => new RolloutShard({ ...parts, shard }));
    this.#makeLanes = () => own.map((shard) => new EvaluationLane({ ...parts, shard }));
    const samples = dimensions.roles.map((role) => ({ ...rolloutSamples(shared, dimensions, role), graphs }));
    this.#referenceLogits = new ReferenceLogits({ dimensions, shared, backends, samples });
    this.#gradientJob = new GradientJob({ dimensions, shared, backends, samples });
  }

  /** Does this member's part of the command that stands in `control`. */
  execute(): void {
    const { control } = this.#shared;
    const command = control[CONTROL.command];
    const learner = control[CONTROL.learner]!;
    if (command === COMMAND.gradients) this.#gradientJob.run(learner);
    else if (command === COMMAND.collect) {
      for (const shard of this.#shards) shard.collect({ learner, iteration: control[CONTROL.iteration]! });
    } else if (command === COMMAND.evaluate) {
      // A run that is never evaluated pays for no further environments.
      this.#lanes ??= this.#makeLanes();
      for (const lane of this.#lanes) lane.play(control[CONTROL.matches]!);
    } else if (command === COMMAND.refer) {
      for (const shard of this.#ownShards) this.#referenceLogits.compute(learner, shard);
    } else {
      assert(command === COMMAND.restore, `there is no command ${command}`);
      for (const shard of this.#shards) shard.restore();
    }
  }
}
