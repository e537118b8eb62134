/** The entities of a request engine: a bounded pool of packed rows, the one freed last used first. */

import type { RequestPlan } from './plan.ts';
import { Field, NONE, ROW, Stage } from './rows.ts';
import type { RequestState } from './state.ts';

const UNBOUND: Int32Array = new Int32Array();

/** Hands out rows. */
export class EntityPool {
  /** Most entities at once. */
  readonly entitiesMax: number;
  readonly #reserved: number;
  readonly #state: RequestState;
  #fields: Int32Array = UNBOUND;
  #used: Int32Array = UNBOUND;
  #freeHead: Int32Array = UNBOUND;

  constructor(plan: RequestPlan, state: RequestState) {
    this.entitiesMax = plan.entitiesMax;
    this.#reserved = plan.entitiesReserved;
    this.#state = state;
  }

  bind(): void {
    this.#fields = this.#state.entities.value;
    this.#used = this.#state.clock.used;
    this.#freeHead = this.#state.clock.freeHead;
  }

  clear(): void {
    this.#freeHead[0] = NONE;
  }

  /** Entities in use. */
  get used(): number {
    return this.#used[0]!;
  }

  /** Rows from this one on have never been used. */
  get touched(): number {
    return this.#state.clock.touched[0]!;
  }

  /** Whether one more user leaves enough room for calls. */
  hasRoomForUser(): boolean {
    return this.#used[0]! + this.#reserved < this.entitiesMax;
  }

  /** A free entity, -1 = there is none. */
  take(): number {
    const head = this.#freeHead[0]!;
    if (head !== NONE) {
      this.#freeHead[0] = this.#fields[head * ROW + Field.next]!;
      this.#used[0]! += 1;
      return head;
    }
    const { touched } = this.#state.clock;
    const fresh = touched[0]!;
    if (fresh === this.entitiesMax) return NONE;
    touched[0] = fresh + 1;
    this.#used[0]! += 1;
    return fresh;
  }

  /** Nobody needs this entity any more. */
  free(entity: number): void {
    const at = entity * ROW;
    this.#fields[at + Field.stage] = Stage.free;
    this.#fields[at + Field.next] = this.#freeHead[0]!;
    this.#freeHead[0] = entity;
    this.#used[0]! -= 1;
  }
}
