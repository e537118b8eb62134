/** One worker's part in a cold start, on whatever thread: episodes to demonstrate, gradients, held-out scores. */

import { assert } from '../../base/index.ts';
import type { Policy } from '../../contract/index.ts';
import type { PreparedBackend } from '../../neural/index.ts';
import { createNeuralPolicy } from '../../policies/index.ts';
import { BackendCache } from '../backend-cache.ts';
import { GradientJob } from '../gradient-job.ts';
import { CONTROL, versionAt } from '../shared-run.ts';
import type { LearningTask } from '../task.ts';
import { createTask } from '../task-catalogue.ts';
import { COMMAND, type MemberParts } from '../team-member.ts';
import { roleSettings } from '../train-settings.ts';
import { demonstrationGraphs } from './demonstration-graphs.ts';
import { planDemonstrations } from './demonstration-plan.ts';
import { DemonstrationPlayer } from './demonstration-player.ts';
import { type DemonstrationStore, receivedStore } from './demonstration-store.ts';
import { EpisodeWriter } from './episode-writer.ts';
import { SCORE_SUMS, sumScores } from './held-out-score.ts';
import type { ImitationParts } from './imitation-parts.ts';

/** Executes the commands of a cold start; all of a team's members together do the whole. */
export class ImitationMember {
  readonly #parts: MemberParts;
  readonly #imitation: ImitationParts;
  readonly #task: LearningTask;
  readonly #backends: BackendCache;
  readonly #samples: DemonstrationStore['samples'];
  readonly #gradientJob: GradientJob;
  readonly #player: DemonstrationPlayer;
  #learner: Policy | undefined;
  #learnerVersion = -1;

  constructor(parts: MemberParts, sent: ImitationParts, backend: PreparedBackend) {
    const imitation = { ...sent, store: receivedStore(sent.store) };
    const { settings, dimensions, shared } = parts;
    this.#parts = parts;
    this.#imitation = imitation;
    this.#task = createTask(parts.task);
    this.#backends = new BackendCache(dimensions, shared, backend);
    const graphs = demonstrationGraphs(this.#task, dimensions, imitation.sources);
    this.#samples = { ...imitation.store.samples, graphs };
    const samples = dimensions.roles.map(() => this.#samples);
    this.#gradientJob = new GradientJob({ dimensions, shared, backends: this.#backends, samples });
    const { role } = dimensions.roles[imitation.role]!;
    const { rounds, heldOutShare } = imitation.coldStart;
    this.#player = new DemonstrationPlayer({
      task: this.#task,
      settings,
      coldStart: imitation.coldStart,
      dimensions,
      role,
      plan: planDemonstrations(imitation.sources, { role, seed: settings.seed, rounds, heldOutShare }),
      writer: new EpisodeWriter(imitation.store, { settings: imitation.coldStart, forcedShare: settings.forcedShare }),
      learner: () => this.#currentLearner(),
    });
  }

  /** Does this member's part of the command that stands in `control`. */
  execute(): void {
    const command = this.#parts.shared.control[CONTROL.command];
    if (command === COMMAND.gradients) this.#gradientJob.run(this.#imitation.role);
    else if (command === COMMAND.score) this.#score();
    else {
      assert(command === COMMAND.demonstrate, `a cold start knows no command ${command}`);
      this.#demonstrate();
    }
  }

  /** Plays episodes of the range that `control` describes until none is left; each has a place of its own. */
  #demonstrate(): void {
    const { control } = this.#parts.shared;
    const end = control[CONTROL.minibatchEnd]!;
    for (;;) {
      const episode = control[CONTROL.minibatchStart]! + Atomics.add(control, CONTROL.nextGradientShard, 1);
      if (episode >= end) return;
      this.#player.play(episode);
    }
  }

  /** Scores shards of the range of `order` that `control` describes until none is left. */
  #score(): void {
    const { shared, dimensions } = this.#parts;
    const imitation = this.#imitation;
    const { control, order } = shared;
    const { actionWeight } = imitation.coldStart;
    const store = { ...imitation.store, samples: this.#samples };
    const { gradientShards } = dimensions;
    const start = control[CONTROL.minibatchStart]!;
    const count = control[CONTROL.minibatchEnd]! - start;
    const backend = this.#backends.get(imitation.role, 0);
    for (;;) {
      const shard = Atomics.add(control, CONTROL.nextGradientShard, 1);
      if (shard >= gradientShards) return;
      const slots = order.subarray(
        start + Math.floor((count * shard) / gradientShards),
        start + Math.floor((count * (shard + 1)) / gradientShards),
      );
      imitation.scores.set(sumScores(store, backend, slots, { actionWeight }), shard * SCORE_SUMS);
    }
  }

  /** A new policy only when the weights have changed. */
  #currentLearner(): Policy {
    const { dimensions, shared, settings } = this.#parts;
    const index = this.#imitation.role;
    const version = Atomics.load(shared.control, versionAt(dimensions, index, 0));
    if (this.#learner !== undefined && version === this.#learnerVersion) return this.#learner;
    const { role, shape } = dimensions.roles[index]!;
    const { weights, components, cluster, critic } = this.#backends.vector(index, 0);
    const { observation, action } = this.#task.specs[role]!;
    this.#learnerVersion = version;
    this.#learner = createNeuralPolicy({
      name: 'learner',
      role,
      shape,
      weights,
      scaling: { components, cluster, critic },
      observationHash: observation.hash,
      actionHash: action.hash,
      acts: roleSettings(settings, role).acts,
    });
    return this.#learner;
  }
}
