/** What wired stations are made of: the kernel's event queue, the base's random streams, and time integrals. */

import { RandomStreams, StateLayout } from '../../../base/index.ts';
import { EventQueue, MICROS_PER_SECOND } from '../../../kernel/index.ts';

/** Events and dice of one station. Times are seconds; events lie on whole microseconds, as in the product. */
export class Workbench {
  readonly queue: EventQueue;
  readonly random: RandomStreams;

  constructor(options: { readonly streams: readonly string[]; readonly seed: string; readonly eventsMax: number }) {
    const layout = new StateLayout();
    this.queue = new EventQueue(layout, options.eventsMax);
    this.random = new RandomStreams(layout, options.streams);
    layout.build();
    this.random.seed(options.seed);
  }

  /** Time of the event that was taken out last, in seconds. */
  get now(): number {
    return this.queue.time / MICROS_PER_SECOND;
  }

  /** Schedules an event some seconds from now. */
  after(seconds: number, kind: number, a: number = 0, b: number = 0): void {
    this.queue.schedule(this.queue.time + Math.round(seconds * MICROS_PER_SECOND), 0, kind, a, b);
  }

  /** Handles every event of the next `seconds`, then stands at their end. */
  run(seconds: number, handle: (kind: number, a: number, b: number) => void): void {
    const { queue } = this;
    queue.schedule(queue.time + Math.round(seconds * MICROS_PER_SECOND), 1, END_OF_RUN, 0, 0);
    for (;;) {
      queue.pop();
      if (queue.kind === END_OF_RUN) return;
      handle(queue.kind, queue.a, queue.b);
    }
  }
}

const END_OF_RUN = -1;

/** Integral over time of a number that jumps. */
export class TimeIntegral {
  value = 0;
  #total = 0;
  #since = 0;

  /** The number jumps to `value` at `now`. */
  set(value: number, now: number): void {
    this.#total += this.value * (now - this.#since);
    this.#since = now;
    this.value = value;
  }

  /** The integral so far, which begins anew. */
  take(now: number): number {
    this.set(this.value, now);
    const total = this.#total;
    this.#total = 0;
    return total;
  }
}
