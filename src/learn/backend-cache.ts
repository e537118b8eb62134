/** A worker's networks: one per role for the learner, and a few for past snapshots of opponents. */

import { assert } from '../base/index.ts';
import type { Backend, PreparedBackend } from '../neural/index.ts';
import { type RoleVector, viewRoleVector } from './role-vector.ts';
import type { RunDimensions } from './run-dimensions.ts';
import { type SharedRun, versionAt } from './shared-run.ts';

/** Loading weights takes as long as a few forward passes, so several snapshots stay loaded. */
const PAST_BACKENDS = 4;

interface LoadedBackend {
  readonly backend: Backend;
  slot: number;
  version: number;
  lastUse: number;
}

/** Networks by role and slot, with the shared weights of the moment. */
export class BackendCache {
  readonly #dimensions: RunDimensions;
  readonly #shared: SharedRun;
  readonly #prepared: PreparedBackend;
  readonly #learners: LoadedBackend[];
  readonly #past: LoadedBackend[][];
  readonly #vectors: RoleVector[][];
  #uses = 0;

  constructor(dimensions: RunDimensions, shared: SharedRun, prepared: PreparedBackend) {
    this.#dimensions = dimensions;
    this.#shared = shared;
    this.#prepared = prepared;
    this.#learners = dimensions.roles.map((_, role) => this.#load(role, 0));
    this.#past = dimensions.roles.map(() => []);
    this.#vectors = dimensions.roles.map(({ shape }, role) => {
      const { parameterCount } = this.#learners[role]!.backend;
      const slots = Array.from({ length: dimensions.slots }, (_, slot) => slot);
      return slots.map((slot) => viewRoleVector(shared.parameters[role]!, slot, { shape, parameterCount }));
    });
  }

  /** The role's network with the weights of a slot (0 is the learner). */
  get(role: number, slot: number): Backend {
    const loaded = slot === 0 ? this.#learners[role]! : this.#pastBackend(role, slot);
    const version = Atomics.load(this.#shared.control, versionAt(this.#dimensions, role, slot));
    if (loaded.slot !== slot || loaded.version !== version) {
      loaded.backend.setWeights(this.vector(role, slot).weights);
      loaded.slot = slot;
      loaded.version = version;
    }
    return loaded.backend;
  }

  /** The shared weights and scaling of a slot. */
  vector(role: number, slot: number): RoleVector {
    const vector = this.#vectors[role]?.[slot];
    assert(vector !== undefined, `role ${role} has no slot ${slot}`);
    return vector;
  }

  #pastBackend(role: number, slot: number): LoadedBackend {
    const past = this.#past[role]!;
    let chosen = past.find((loaded) => loaded.slot === slot);
    if (chosen === undefined && past.length < PAST_BACKENDS) {
      chosen = this.#load(role, -1);
      past.push(chosen);
    }
    chosen ??= past.reduce((oldest, loaded) => (loaded.lastUse < oldest.lastUse ? loaded : oldest));
    chosen.lastUse = ++this.#uses;
    return chosen;
  }

  #load(role: number, slot: number): LoadedBackend {
    const { shape, memorySteps } = this.#dimensions.roles[role]!;
    const { componentsMax } = this.#dimensions;
    // Only the learner's gradients go through sequences.
    const backend = this.#prepared.create(shape, { componentsMax, sequenceMax: slot === 0 ? memorySteps : 1 });
    return { backend, slot, version: -1, lastUse: 0 };
  }
}
