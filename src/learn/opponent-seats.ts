/** Who sits in a role's seat in each environment of a shard: nobody, a network, a scripted policy or a failure script. */

import type { Observation, Policy, VectorEnvironment } from '../contract/index.ts';
import { NO_OP } from '../contract/index.ts';
import type { ComponentGraph } from '../neural/index.ts';
import { bestChoice, MaskedCategorical } from '../policies/index.ts';
import type { ActorMemories } from './actor-memories.ts';
import type { DueChoice } from './archive/failure-script.ts';
import { ScriptPolicy } from './archive/script-policy.ts';
import type { BackendCache } from './backend-cache.ts';
import type { OpponentEntry } from './league.ts';
import { ObservationRows, policyOutput, type RequiredOutput, rowsOwner } from './observation-rows.ts';
import { onlyChoice, SEVERAL, viewObservation } from './observation-view.ts';
import type { RunDimensions } from './run-dimensions.ts';
import type { LearningTask } from './task.ts';

/** One environment's opponent: its entry, and the policy where it is none that learns. */
interface Seat {
  entry: OpponentEntry;
  policy: Policy | undefined;
}

/** What the seats of one role need. */
export interface SeatParts {
  readonly task: LearningTask;
  readonly dimensions: RunDimensions;
  /** Index of the role that sits here. */
  readonly role: number;
  readonly environment: VectorEnvironment;
  readonly backends: BackendCache;
  /** By environment of the run. */
  readonly graphs: readonly ComponentGraph[];
  readonly shard: number;
  /** Of this role's networks, by environment; forgotten by whoever starts episodes. */
  readonly memories: ActorMemories;
  /** Whether networks take their best choice or draw one. */
  readonly acts: 'best' | 'samples';
}

/** The seats of one role over a shard's environments. */
export class OpponentSeats {
  readonly #parts: SeatParts;
  readonly #seats: Seat[];
  readonly #observations: readonly Observation[];
  readonly #rows: ObservationRows;
  readonly #out: RequiredOutput;
  readonly #categorical: MaskedCategorical;
  /** Environments by the slot of their network. */
  readonly #groups: Map<number, number[]> = new Map();
  #grouped = false;

  constructor(parts: SeatParts) {
    const { dimensions, role, environment } = parts;
    const { choicesMax } = dimensions.roles[role]!;
    this.#parts = parts;
    this.#seats = Array.from({ length: environment.size }, () => ({ entry: { kind: 'silent' }, policy: undefined }));
    this.#observations = Array.from({ length: environment.size }, (_, index) =>
      viewObservation(environment, dimensions.roles[role]!, index),
    );
    this.#rows = new ObservationRows(rowsOwner(parts, role), environment.size);
    this.#out = policyOutput(dimensions.roles[role]!, environment.size);
    this.#categorical = new MaskedCategorical(choicesMax);
  }

  /** Seats an opponent for an episode that begins now, or for the rest of one; `script` is what an archived one plays. */
  seat(index: number, entry: OpponentEntry, seed: number, script: readonly DueChoice[] = []): void {
    const { task, dimensions, role, environment } = this.#parts;
    const seat = this.#seats[index]!;
    seat.entry = entry;
    seat.policy = undefined;
    this.#grouped = false;
    if (entry.kind === 'archive') seat.policy = new ScriptPolicy(script);
    if (entry.kind !== 'script') return;
    const name = dimensions.roles[role]!.role;
    seat.policy = task.createOpponent(entry.name);
    seat.policy.reset({ role: name, topology: environment.topologyOf(index), spec: environment.specs[name]!, seed });
  }

  /** Lets the scripted policy of a seat see and decide, if there is one; for playing an episode again. */
  actScripted(index: number): number {
    return this.#seats[index]!.policy?.act(this.#observations[index]!) ?? NO_OP;
  }

  /** Writes every seat's choice; `draw` gives a uniform number for an environment's network. */
  act(choices: Int32Array, draw: (index: number) => number): void {
    for (let index = 0; index < choices.length; index++) choices[index] = this.actScripted(index);
    if (!this.#grouped) this.#regroup();
    for (const [slot, members] of this.#groups) this.#actGroup(slot, members, choices, draw);
  }

  #actGroup(slot: number, members: readonly number[], choices: Int32Array, draw: (index: number) => number): void {
    const { role, backends, environment, dimensions, acts, memories } = this.#parts;
    const rows = this.#rows;
    const scaling = backends.vector(role, slot);
    rows.clear();
    for (const index of members) {
      choices[index] = onlyChoice(this.#observations[index]!.mask);
      if (choices[index] !== SEVERAL && !memories.exist) continue;
      rows.fill(index, environment, index, scaling);
      memories.read(index, rows.memories, index);
      rows.select(index);
    }
    if (rows.size === 0) return;
    backends.get(role, slot).forward(rows, this.#out);
    const { choicesMax, shape } = dimensions.roles[role]!;
    for (let position = 0; position < rows.size; position++) {
      const index = rows.selection[position]!;
      memories.keep(index, this.#out.memories, position);
      if (choices[index] !== SEVERAL) continue;
      const count = rows.counts[index]! * shape.verbs + 1;
      const at = { logitsStart: position * choicesMax, maskStart: index * choicesMax, count };
      choices[index] =
        acts === 'best'
          ? bestChoice(this.#out.logits, rows.mask, at)
          : this.#categorical.sample(this.#out.logits, rows.mask, at, draw(index));
    }
  }

  #regroup(): void {
    this.#grouped = true;
    this.#groups.clear();
    for (const [index, { entry }] of this.#seats.entries()) {
      if (entry.kind !== 'latest' && entry.kind !== 'past') continue;
      const slot = entry.kind === 'latest' ? 0 : entry.slot + 1;
      const members = this.#groups.get(slot);
      if (members === undefined) this.#groups.set(slot, [index]);
      else members.push(index);
    }
  }
}
