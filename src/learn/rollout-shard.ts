/** One fixed group of environments: collects the learner's transitions of an iteration, whichever worker runs it. */

import { pow, RandomStream } from '../base/index.ts';
import type { VectorEnvironment } from '../contract/index.ts';
import type { Backend, ComponentGraph } from '../neural/index.ts';
import { MaskedCategorical } from '../policies/index.ts';
import type { ActorMemories } from './actor-memories.ts';
import { STEP } from './advantages.ts';
import type { BackendCache } from './backend-cache.ts';
import { EpisodeBook } from './episode-book.ts';
import { addFeatureRows, featureSumsLength, SUMS } from './feature-sums.ts';
import { ObservationRows, policyOutput, type RequiredOutput, rowsOwner } from './observation-rows.ts';
import { onlyChoice, SEVERAL, viewObservation } from './observation-view.ts';
import { featureWidth } from './role-vector.ts';
import { type RolloutStorage, slotAt, viewRollout } from './rollout-storage.ts';
import type { RunDimensions } from './run-dimensions.ts';
import { CONTROL, type SharedRun } from './shared-run.ts';
import type { LearningTask } from './task.ts';
import { roleSettings, type TrainSettings } from './train-settings.ts';

/** What a shard is made of. */
export interface ShardParts {
  readonly task: LearningTask;
  readonly settings: TrainSettings;
  readonly dimensions: RunDimensions;
  readonly shared: SharedRun;
  readonly backends: BackendCache;
  /** By environment of the run. */
  readonly graphs: readonly ComponentGraph[];
  readonly shard: number;
}

/** What a role of the shard writes to while it learns. */
interface LearnerSide {
  readonly storage: RolloutStorage;
  readonly rows: ObservationRows;
  /** A final observation, to be valued where an episode was cut. */
  readonly finalRow: ObservationRows;
  readonly out: RequiredOutput;
  readonly memories: ActorMemories;
  readonly categorical: MaskedCategorical;
  /** By environment. */
  readonly masks: readonly Uint8Array[];
}

/** Environments `shard * environmentsPerShard` and following. */
export class RolloutShard {
  readonly #parts: ShardParts;
  readonly #environment: VectorEnvironment;
  readonly #book: EpisodeBook;
  readonly #sides: readonly LearnerSide[];
  readonly #choices: Record<string, Int32Array> = {};
  /** By role. */
  readonly #discounts: readonly number[];
  readonly #decisionSeconds: readonly number[];
  #streams: RandomStream[] = [];

  constructor(parts: ShardParts) {
    const { task, settings, dimensions, shard } = parts;
    const size = dimensions.environmentsPerShard;
    this.#parts = parts;
    this.#environment = task.createEnvironment({ first: shard * size, size });
    this.#book = new EpisodeBook({ ...parts, environment: this.#environment });
    this.#sides = dimensions.roles.map((_, role) => this.#createSide(role));
    this.#discounts = dimensions.roles.map(({ role }) => roleSettings(settings, role).discount);
    this.#decisionSeconds = dimensions.roles.map(({ role }) => task.decisionSeconds[role]!);
    for (const { role } of dimensions.roles) this.#choices[role] = new Int32Array(size);
  }

  /** Plays the episodes that the ledger says are running again, up to where they were. */
  restore(): void {
    this.#book.restore();
  }

  /** Plays `rolloutSteps` decisions of every environment and stores those of the learner. */
  collect({ learner, iteration }: { readonly learner: number; readonly iteration: number }): void {
    const { dimensions, settings, backends, shard } = this.#parts;
    const size = dimensions.environmentsPerShard;
    this.#streams = Array.from({ length: size }, (_, index) => {
      return new RandomStream(settings.seed, `choices ${shard * size + index} ${iteration}`);
    });
    this.#clearSums(learner);
    this.#book.begin(learner);
    const backend = backends.get(learner, 0);
    for (let step = 0; step < dimensions.rolloutSteps; step++) this.#step(learner, step, backend);
    this.#valueLast(learner, backend);
  }

  #step(learner: number, step: number, backend: Backend): void {
    const { dimensions, shard, shared } = this.#parts;
    const { rows, out } = this.#sides[learner]!;
    const first = slotAt(dimensions, shard, step);
    this.#observe(learner, step);
    if (shared.control[CONTROL.sumsWanted] === 1) this.#addObservations(learner, first);
    if (rows.size > 0) backend.forward(rows, out);
    this.#choose(learner, first);
    for (let role = 0; role < dimensions.roles.length; role++) {
      if (role === learner) continue;
      const choices = this.#choices[dimensions.roles[role]!.role]!;
      this.#book.seats[role]!.act(choices, (index) => this.#streams[index]!.uniform());
    }
    this.#environment.step(this.#choices);
    for (let index = 0; index < dimensions.environmentsPerShard; index++) this.#store(learner, first, index, backend);
  }

  /** Notes which environments have something to choose, and selects their rows for the network. */
  #observe(learner: number, step: number): void {
    const { backends, settings, dimensions, shard } = this.#parts;
    const { rows, storage, masks, memories } = this.#sides[learner]!;
    const first = slotAt(dimensions, shard, step);
    const choices = this.#choices[this.#parts.dimensions.roles[learner]!.role]!;
    const scaling = backends.vector(learner, 0);
    rows.clear();
    for (let index = 0; index < choices.length; index++) {
      const row = first + index;
      const only = onlyChoice(masks[index]!);
      choices[index] = only;
      const kept = only === SEVERAL || this.#streams[index]!.uniform() < settings.forcedShare;
      if (kept || memories.exist) rows.fill(row, this.#environment, index, scaling);
      if (only === SEVERAL || memories.exist) rows.select(row);
      storage.kinds[row] = kindOf(only, kept);
      if (memories.exist) this.#recall(learner, step, index);
    }
  }

  /** Notes what is remembered before a decision, and whether that can be learned from the decision before it. */
  #recall(learner: number, step: number, index: number): void {
    const { dimensions, shard } = this.#parts;
    const { storage, memories } = this.#sides[learner]!;
    const row = slotAt(dimensions, shard, step) + index;
    const before = row - dimensions.environmentsPerShard;
    const first =
      step % dimensions.roles[learner]!.memorySteps === 0 ||
      storage.terminated[before] === 1 ||
      storage.truncated[before] === 1;
    memories.read(index, storage.memories, row);
    storage.continues[row] = first ? 0 : 1;
    storage.lossWeights[row] = storage.kinds[row] === STEP.forced ? 0 : 1;
  }

  #choose(learner: number, first: number): void {
    const { role, choicesMax, shape } = this.#parts.dimensions.roles[learner]!;
    const { storage, out, categorical, rows, memories } = this.#sides[learner]!;
    const choices = this.#choices[role]!;
    for (let position = 0; position < rows.size; position++) {
      const row = rows.selection[position]!;
      const index = row - first;
      memories.keep(index, out.memories, position);
      if (storage.kinds[row] !== STEP.choice) continue;
      const count = storage.counts[row]! * shape.verbs + 1;
      const at = { logitsStart: position * choicesMax, maskStart: row * choicesMax, count };
      choices[index] = categorical.sample(out.logits, storage.mask, at, this.#streams[index]!.uniform());
      storage.logProbabilities[row] = categorical.logProbability;
      storage.values[row] = out.values[position]!;
    }
    for (let index = 0; index < choices.length; index++) {
      const row = first + index;
      storage.choices[row] = choices[index]!;
      if (storage.kinds[row] !== STEP.choice) storage.logProbabilities[row] = 0;
    }
  }

  /** Values what came after the last step, for decisions whose consequences are still open. */
  #valueLast(learner: number, backend: Backend): void {
    const { dimensions, shard, backends } = this.#parts;
    const { rows, storage, out } = this.#sides[learner]!;
    const first = slotAt(dimensions, shard, dimensions.rolloutSteps);
    rows.clear();
    for (let index = 0; index < dimensions.environmentsPerShard; index++) {
      rows.fill(first + index, this.#environment, index, backends.vector(learner, 0));
      rows.select(first + index);
    }
    backend.forward(rows, out);
    for (let index = 0; index < rows.size; index++) storage.values[first + index] = out.values[index]!;
  }

  #store(learner: number, first: number, index: number, backend: Backend): void {
    const { storage } = this.#sides[learner]!;
    const environment = this.#environment;
    const { role } = this.#parts.dimensions.roles[learner]!;
    const row = first + index;
    const reward = environment.buffers[role]!.rewards[index]!;
    const discount = this.#discount(learner, environment.elapsedSeconds[index]!);
    storage.rewards[row] = reward;
    storage.discounts[row] = discount;
    const cut = this.#book.addStep(index, this.#choices);
    const terminated = environment.terminated[index] === 1;
    const truncated = !terminated && (cut || environment.truncated[index] === 1);
    storage.terminated[row] = terminated ? 1 : 0;
    storage.truncated[row] = truncated ? 1 : 0;
    this.#addReturn(index, reward, discount);
    if (truncated) storage.finalValues[row] = this.#finalValue(learner, index, backend);
    if (terminated || truncated) this.#book.finish(index);
  }

  #discount(learner: number, elapsedSeconds: number): number {
    const discount = this.#discounts[learner]!;
    const decisions = elapsedSeconds / this.#decisionSeconds[learner]!;
    return decisions === 1 ? discount : pow(discount, decisions);
  }

  #finalValue(learner: number, index: number, backend: Backend): number {
    const { finalRow, out } = this.#sides[learner]!;
    finalRow.fill(0, this.#environment, index, this.#parts.backends.vector(learner, 0));
    finalRow.clear();
    finalRow.select(0);
    backend.forward(finalRow, out);
    return out.values[0]!;
  }

  #addObservations(learner: number, first: number): void {
    const { dimensions, shared } = this.#parts;
    const { shape, role } = dimensions.roles[learner]!;
    const { components, cluster, critic } = this.#environment.buffers[role]!;
    const sums = shared.featureSums;
    const start = this.#sumsStart();
    const features = featureWidth(shape);
    const stride = this.#environment.componentsMax * shape.componentFeatures;
    const { kinds } = this.#sides[learner]!.storage;
    for (let index = 0; index < dimensions.environmentsPerShard; index++) {
      if (kinds[first + index] === STEP.forced) continue;
      const rows = this.#environment.counts[index]!;
      sums[start + SUMS.componentRows] = sums[start + SUMS.componentRows]! + rows;
      sums[start + SUMS.clusterRows] = sums[start + SUMS.clusterRows]! + 1;
      let at = start + SUMS.features;
      const add = (source: Float32Array, from: number, count: number, width: number): void => {
        addFeatureRows(source, sums, { start: from, rows: count, width, sums: at, squares: at + features });
        at += width;
      };
      add(components, index * stride, rows, shape.componentFeatures);
      add(cluster, index * shape.clusterFeatures, 1, shape.clusterFeatures);
      add(critic, index * shape.criticFeatures, 1, shape.criticFeatures);
    }
  }

  #addReturn(index: number, reward: number, discount: number): void {
    const { shared, dimensions, shard } = this.#parts;
    const returns = shared.ledger.discountedReturns;
    const environment = shard * dimensions.environmentsPerShard + index;
    const value = returns[environment]! * discount + reward;
    returns[environment] = value;
    const sums = shared.featureSums;
    const start = this.#sumsStart();
    sums[start + SUMS.returnCount] = sums[start + SUMS.returnCount]! + 1;
    sums[start + SUMS.returnSum] = sums[start + SUMS.returnSum]! + value;
    sums[start + SUMS.returnSquares] = sums[start + SUMS.returnSquares]! + value * value;
  }

  #clearSums(learner: number): void {
    const start = this.#sumsStart();
    const { shape } = this.#parts.dimensions.roles[learner]!;
    this.#parts.shared.featureSums.fill(0, start, start + featureSumsLength(featureWidth(shape)));
  }

  #sumsStart(): number {
    const { shared, dimensions, shard } = this.#parts;
    return (shared.featureSums.length / dimensions.shards) * shard;
  }

  #createSide(role: number): LearnerSide {
    const { dimensions, shared } = this.#parts;
    const own = dimensions.roles[role]!;
    const size = dimensions.environmentsPerShard;
    const storage = viewRollout(shared.rollout, dimensions, own);
    const owner = rowsOwner(this.#parts, role);
    return {
      storage,
      rows: new ObservationRows(owner, size, storage),
      finalRow: new ObservationRows(owner, 1),
      out: policyOutput(own, size),
      memories: this.#book.memories[role]!,
      categorical: new MaskedCategorical(own.choicesMax),
      masks: Array.from({ length: size }, (_, index) => viewObservation(this.#environment, own, index).mask),
    };
  }
}

function kindOf(only: number, kept: boolean): number {
  if (only === SEVERAL) return STEP.choice;
  return kept ? STEP.valueOnly : STEP.forced;
}
