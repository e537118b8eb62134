/**
 * One fixed group of environments for evaluation: plays its share of the matches, whichever worker runs it. They are not
 * the environments of training, whose episodes go on afterwards as if nothing had happened.
 */

import { RandomStream } from '../base/index.ts';
import type { VectorEnvironment } from '../contract/index.ts';
import { ActorMemories } from './actor-memories.ts';
import { readMatch, seatEntry } from './evaluation-match.ts';
import { panelScripts } from './evaluation-panel.ts';
import { viewObservation } from './observation-view.ts';
import { OpponentSeats } from './opponent-seats.ts';
import type { ShardParts } from './rollout-shard.ts';
import { roleSettings } from './train-settings.ts';

/** Stands for an environment without a match. */
const IDLE = -1;

/**
 * The environments of a shard. Matches come in blocks of one pairing each; environment e plays
 * episode k of every block where k % environments = e, so that all pairings meet the same scenarios on the same seeds.
 */
export class EvaluationLane {
  readonly #parts: ShardParts;
  readonly #environment: VectorEnvironment;
  readonly #seats: readonly OpponentSeats[];
  /** By role. */
  readonly #memories: readonly ActorMemories[];
  readonly #scripts: readonly (readonly string[])[];
  /** By role and environment. */
  readonly #masks: readonly (readonly Uint8Array[])[];
  readonly #choices: Record<string, Int32Array> = {};
  /** Matches of a block. */
  readonly #episodes: number;
  /** By environment: the match in progress, its steps and its draws. */
  readonly #matches: Int32Array;
  readonly #steps: Int32Array;
  readonly #streams: RandomStream[] = [];

  constructor(parts: ShardParts) {
    const { task, settings, dimensions, shard } = parts;
    const size = dimensions.environmentsPerShard;
    this.#parts = parts;
    const environment = task.createEnvironment({ first: shard * size, size, scored: true });
    this.#environment = environment;
    this.#memories = dimensions.roles.map(({ shape: { memoryUnits = 0 } }) => {
      return new ActorMemories(new Float32Array(size * memoryUnits), memoryUnits);
    });
    // Everybody plays as the finished agent would.
    this.#seats = dimensions.roles.map(({ role: name }, role) => {
      const { acts } = roleSettings(settings, name);
      return new OpponentSeats({ ...parts, environment, role, acts, memories: this.#memories[role]! });
    });
    const indices = Array.from({ length: size }, (_, index) => index);
    this.#masks = dimensions.roles.map((role) => indices.map((at) => viewObservation(environment, role, at).mask));
    this.#episodes = settings.evaluation.episodes;
    this.#scripts = dimensions.roles.map(({ role }) => panelScripts(task, settings, role));
    for (const { role } of dimensions.roles) this.#choices[role] = new Int32Array(size);
    this.#matches = new Int32Array(size);
    this.#steps = new Int32Array(size);
  }

  /** Plays this lane's matches among the first `count` and writes how they ended. */
  play(count: number): void {
    const { dimensions, shard } = this.#parts;
    const size = dimensions.environmentsPerShard;
    let left = 0;
    for (let index = 0; index < size; index++) {
      const number = shard * size + index;
      left += this.#start(index, number < this.#episodes ? number : count, count);
    }
    while (left > 0) {
      for (const [role, seats] of this.#seats.entries()) {
        seats.act(this.#choices[dimensions.roles[role]!.role]!, (index) => this.#streams[index]!.uniform());
      }
      this.#keepIdle();
      this.#environment.step(this.#choices);
      for (let index = 0; index < size; index++) left += this.#advance(index, count);
    }
  }

  /** Ends an environment's match where it is over and starts the next; returns by how much the matches in progress change. */
  #advance(index: number, count: number): number {
    const { dimensions } = this.#parts;
    const environment = this.#environment;
    this.#steps[index]!++;
    const ended = environment.terminated[index] === 1 || environment.truncated[index] === 1;
    if (!ended && this.#steps[index]! < dimensions.episodeStepsMax) return 0;
    const match = this.#matches[index]!;
    if (match === IDLE) return this.#start(index, count, count);
    this.#record(match, environment.episodeSummary(index));
    return this.#start(index, this.#after(match), count) - 1;
  }

  /** The match that the same environment plays next. */
  #after(match: number): number {
    const { environments } = this.#parts.dimensions;
    const episode = match % this.#episodes;
    if (episode + environments < this.#episodes) return match + environments;
    return match - episode + this.#episodes + (episode % environments);
  }

  /** Environments without a match do the first legal thing. */
  #keepIdle(): void {
    const { roles } = this.#parts.dimensions;
    for (let index = 0; index < this.#matches.length; index++) {
      if (this.#matches[index] !== IDLE) continue;
      for (const [role, { role: name }] of roles.entries()) {
        this.#choices[name]![index] = this.#masks[role]![index]!.indexOf(1);
      }
    }
  }

  /** Starts a match; 1, or 0 where there is none: then the environment idles until its neighbours are done. */
  #start(index: number, match: number, count: number): number {
    const { shared, dimensions } = this.#parts;
    const here = match < count;
    this.#matches[index] = here ? match : IDLE;
    this.#steps[index] = 0;
    const { seats, seed } = here ? readMatch(shared, match, dimensions.roles.length) : { seats: [], seed: 0 };
    this.#streams[index] = new RandomStream(seed, 'evaluation choices');
    this.#environment.resetOne(index, seed);
    for (const [role, own] of this.#seats.entries()) {
      const seat = seats[role];
      this.#memories[role]!.forget(index);
      const policySeed = new RandomStream(seed, `evaluation policy ${role}`).uint32();
      own.seat(index, seat === undefined ? { kind: 'silent' } : seatEntry(seat, this.#scripts[role]!), policySeed);
    }
    return here ? 1 : 0;
  }

  #record(match: number, summary: Readonly<Record<string, number>>): void {
    const { shared, dimensions, task } = this.#parts;
    const { roles } = dimensions;
    for (const [role, { role: name }] of roles.entries()) {
      shared.evaluation.results[match * roles.length + role] = task.success(name, summary);
    }
  }
}
