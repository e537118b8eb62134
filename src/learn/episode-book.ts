/**
 * Keeps the episodes of a shard: starts them with a seed and an opponent of their own, writes each decision to the shared
 * ledger, records how they end, and plays unfinished ones again after a resume. Nothing of an environment or a scripted
 * policy needs to be stored for that: seed and choices bring both back to where they were.
 */

import { assert, RandomStream } from '../base/index.ts';
import type { VectorEnvironment } from '../contract/index.ts';
import { type ActorMemories, ledgerMemories } from './actor-memories.ts';
import { ScriptShelf } from './archive/script-shelf.ts';
import { heldOutSeeds, trainingSeed } from './evaluation-match.ts';
import { drawEntry, LATEST_ENTRY, type OpponentEntry } from './league.ts';
import { roleEntries } from './opponent-entries.ts';
import { OpponentSeats } from './opponent-seats.ts';
import type { ShardParts } from './rollout-shard.ts';

/** Positions in a row of `EpisodeRecords`; then successes and returns by role, then the task's summary numbers. */
export const RECORD = { entry: 0, mixed: 1, steps: 2, learner: 3, roles: 4 } as const;

/** Numbers in a record. */
export function recordWidth(roles: number, summaryKeys: number): number {
  return RECORD.roles + 2 * roles + summaryKeys;
}

interface BookParts extends ShardParts {
  readonly environment: VectorEnvironment;
}

/** The episodes of one shard. */
export class EpisodeBook {
  /** By role; the learner's own is not used. */
  readonly seats: readonly OpponentSeats[];
  /** By role, the learner's included. */
  readonly memories: readonly ActorMemories[];
  readonly #parts: BookParts;
  readonly #entries: readonly (readonly OpponentEntry[])[];
  readonly #shelf: ScriptShelf;
  readonly #first: number;
  readonly #heldOut: ReadonlySet<number>;
  #learner = 0;

  constructor(parts: BookParts) {
    const { dimensions, task, settings, shard } = parts;
    this.#parts = parts;
    this.#shelf = new ScriptShelf(parts);
    this.#first = shard * dimensions.environmentsPerShard;
    this.#heldOut = new Set(heldOutSeeds(settings.evaluation));
    this.memories = dimensions.roles.map((_, role) => ledgerMemories(parts, role));
    this.seats = dimensions.roles.map((_, role) => {
      return new OpponentSeats({ ...parts, role, acts: 'samples', memories: this.memories[role]! });
    });
    this.#entries = dimensions.roles.map(({ role }) => roleEntries(task, settings, role));
  }

  /** Prepares for an iteration in which `learner` learns: first episodes, and a change of sides in running ones. */
  begin(learner: number): void {
    const { shared, dimensions } = this.#parts;
    const { ledger, records } = shared;
    this.#learner = learner;
    this.#announceLearner(learner);
    for (let index = 0; index < dimensions.environmentsPerShard; index++) {
      const row = this.#first + index;
      records.counts[row] = 0;
      if (ledger.episode[row] === 0) this.#start(index);
      else if (ledger.learner[row] !== learner) this.#changeSides(index);
    }
  }

  /** Notes the choices of the step just taken; true when the episode is to be cut here. */
  addStep(index: number, choices: Readonly<Record<string, Int32Array>>): boolean {
    const { shared, dimensions, environment } = this.#parts;
    const { ledger } = shared;
    const row = this.#first + index;
    const step = ledger.steps[row]!;
    assert(step < dimensions.episodeStepsMax, 'an episode has no more steps than its task says');
    for (let role = 0; role < dimensions.roles.length; role++) {
      const name = dimensions.roles[role]!.role;
      ledger.choices[this.#choiceAt(row, role, step)] = choices[name]![index]!;
      const at = row * dimensions.roles.length + role;
      ledger.returns[at] = ledger.returns[at]! + environment.buffers[name]!.rewards[index]!;
    }
    ledger.learners[row * dimensions.episodeStepsMax + step] = this.#learner;
    ledger.steps[row] = step + 1;
    return ledger.episode[row] === 1 && step + 1 >= this.#firstEpisodeSteps(row);
  }

  /** Records the episode that ended or was cut, and starts the next. */
  finish(index: number): void {
    const { shared, dimensions, task, environment } = this.#parts;
    const { ledger, records } = shared;
    const row = this.#first + index;
    const ended = environment.terminated[index] === 1 || environment.truncated[index] === 1;
    if (ended) {
      const roles = dimensions.roles.length;
      const width = recordWidth(roles, task.summaryKeys.length);
      const at = (row * dimensions.rolloutSteps + records.counts[row]!) * width;
      const summary = environment.episodeSummary(index);
      const out = records.rows;
      out[at + RECORD.entry] = ledger.entry[row]!;
      out[at + RECORD.mixed] = ledger.mixed[row]!;
      out[at + RECORD.steps] = ledger.steps[row]!;
      out[at + RECORD.learner] = ledger.learner[row]!;
      for (let role = 0; role < roles; role++) {
        out[at + RECORD.roles + role] = task.success(dimensions.roles[role]!.role, summary);
        out[at + RECORD.roles + roles + role] = ledger.returns[row * roles + role]!;
      }
      for (const [key, name] of task.summaryKeys.entries()) {
        out[at + RECORD.roles + 2 * roles + key] = summary[name] ?? 0;
      }
      this.#shelf.record(row, records.counts[row]!, { seed: this.#draws(row).environmentSeed, summary });
      records.counts[row] = records.counts[row]! + 1;
    }
    this.#start(index);
  }

  /**
   * Plays unfinished episodes again. They all end at the same moment, so a shorter one begins later; until then its
   * environment does something legal that is forgotten when its own episode starts.
   */
  restore(): void {
    const { shared, dimensions, environment } = this.#parts;
    const { ledger } = shared;
    const size = dimensions.environmentsPerShard;
    const steps = Array.from({ length: size }, (_, index) => ledger.steps[this.#first + index]!);
    if (steps.some((_, index) => ledger.episode[this.#first + index] === 0)) return;
    const longest = Math.max(...steps);
    const oldest = this.#first + steps.indexOf(longest);
    for (let index = 0; index < size; index++) environment.resetOne(index, 0);
    const choices: Record<string, Int32Array> = {};
    for (const { role } of dimensions.roles) choices[role] = new Int32Array(size);
    for (let step = 0; step <= longest; step++) {
      for (let index = 0; index < size; index++) {
        if (longest - step === steps[index]) this.#openAgain(index);
        else if (environment.terminated[index] === 1 || environment.truncated[index] === 1)
          environment.resetOne(index, 0);
      }
      if (step === longest) break;
      // All environments took this step at the same moment, under the same learner.
      this.#announceLearner(ledger.learners[oldest * dimensions.episodeStepsMax + step]!);
      for (let index = 0; index < size; index++) this.#chooseAgain(index, step - (longest - steps[index]!), choices);
      environment.step(choices);
    }
  }

  #start(index: number): void {
    const { shared, dimensions, environment } = this.#parts;
    const { ledger, difficulty } = shared;
    const row = this.#first + index;
    const roles = dimensions.roles.length;
    ledger.episode[row] = ledger.episode[row]! + 1;
    ledger.steps[row] = 0;
    ledger.mixed[row] = 0;
    ledger.difficulty[row] = difficulty[0]!;
    ledger.learner[row] = this.#learner;
    ledger.discountedReturns[row] = 0;
    ledger.returns.fill(0, row * roles, (row + 1) * roles);
    const { environmentSeed, policySeed, uniform } = this.#draws(row);
    environment.resetOne(index, environmentSeed, { difficulty: ledger.difficulty[row]! });
    for (let role = 0; role < roles; role++) {
      this.memories[role]!.forget(index);
      if (role === this.#learner) continue;
      const entry = this.#drawEntry(row, role, uniform);
      ledger.entry[row] = entry;
      const opponent = this.#entries[role]![entry]!;
      this.#shelf.begin(row, opponent.kind === 'archive' ? opponent.place : undefined);
      this.seats[role]!.seat(index, opponent, policySeed, this.#shelf.script(row));
    }
  }

  #drawEntry(row: number, role: number, uniform: number): number {
    const { shared, dimensions } = this.#parts;
    const start = this.#shelf.scenarioOf(row) * dimensions.entriesMax;
    const table = shared.entryTables[role]!.subarray(start, start + this.#entries[role]!.length);
    return drawEntry(table, uniform);
  }

  /** From here on the other role learns; whoever learned until now holds its seat as it is now. */
  #changeSides(index: number): void {
    const { shared, dimensions } = this.#parts;
    const { ledger } = shared;
    const row = this.#first + index;
    ledger.learner[row] = this.#learner;
    ledger.mixed[row] = 1;
    // What another network remembered means nothing to the one that learns from here on.
    if (ledger.entry[row] !== LATEST_ENTRY) this.memories[this.#learner]!.forget(index);
    ledger.entry[row] = LATEST_ENTRY;
    ledger.discountedReturns[row] = 0;
    for (let role = 0; role < dimensions.roles.length; role++) {
      if (role !== this.#learner) this.seats[role]!.seat(index, { kind: 'latest' }, 0);
    }
  }

  #openAgain(index: number): void {
    const { shared, dimensions, environment } = this.#parts;
    const { ledger } = shared;
    const row = this.#first + index;
    const { environmentSeed, policySeed } = this.#draws(row);
    environment.resetOne(index, environmentSeed, { difficulty: ledger.difficulty[row]! });
    for (let role = 0; role < dimensions.roles.length; role++) {
      if (role === ledger.learner[row]) continue;
      const entry = this.#entries[role]![ledger.entry[row]!]!;
      this.seats[role]!.seat(index, entry, policySeed, this.#shelf.script(row));
    }
  }

  #chooseAgain(index: number, step: number, choices: Readonly<Record<string, Int32Array>>): void {
    const { shared, dimensions, environment } = this.#parts;
    const row = this.#first + index;
    for (let role = 0; role < dimensions.roles.length; role++) {
      const { role: name, shape } = dimensions.roles[role]!;
      if (step < 0) {
        const width = environment.componentsMax * shape.verbs + 1;
        const start = index * width;
        choices[name]![index] = environment.buffers[name]!.mask.subarray(start, start + width).indexOf(1);
        continue;
      }
      choices[name]![index] = shared.ledger.choices[this.#choiceAt(row, role, step)]!;
      if (role !== shared.ledger.learner[row]) this.seats[role]!.actScripted(index);
    }
  }

  /** What is random about an episode, from its number alone; seeds held out for evaluation are passed over. */
  #draws(row: number): { environmentSeed: number; policySeed: number; uniform: number } {
    const { settings, shared } = this.#parts;
    const stream = new RandomStream(settings.seed, `episode ${row} ${shared.ledger.episode[row]}`);
    const environmentSeed = trainingSeed(stream, this.#heldOut);
    return { environmentSeed, policySeed: stream.uint32(), uniform: stream.uniform() };
  }

  /** First episodes are cut at different lengths, else all environments would be in the same phase for ever. */
  #firstEpisodeSteps(row: number): number {
    const { dimensions } = this.#parts;
    return Math.ceil(((row + 1) * dimensions.episodeStepsMax) / dimensions.environments);
  }

  #announceLearner(learner: number): void {
    const { task, dimensions, environment } = this.#parts;
    task.onLearner?.(environment, dimensions.roles[learner]!.role);
  }

  #choiceAt(row: number, role: number, step: number): number {
    const { dimensions } = this.#parts;
    return (row * dimensions.roles.length + role) * dimensions.episodeStepsMax + step;
  }
}
