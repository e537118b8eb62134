/** Drives an event queue up to a moment: continuous state advances between events, events happen in order. */
import { assert } from '../base/index.ts';
import type { EventQueue } from './event-queue.ts';

const EVENTS_MAX = 20_000_000;

/** What `runUntil` drives. */
export interface SimulationRun {
  readonly queue: EventQueue;
  /** Events up to this time, itself included, happen. */
  readonly untilMicros: number;
  /** Brings continuous state to the given time; called once for each distinct time, never backwards. */
  readonly advance: (toMicros: number) => void;
  /** Performs the event in the queue's fields `time`, `kind`, `a`, `b`; may schedule more. */
  readonly dispatch: () => void;
  /** Bound that turns an endless chain of events at one time into a failure; default 20 million. */
  readonly eventsMax?: number;
}

/** Runs all events up to and including `untilMicros`, then advances to it; returns the number of events. */
export function runUntil(run: SimulationRun): number {
  const { queue, untilMicros, eventsMax = EVENTS_MAX } = run;
  let advancedTo = Number.NEGATIVE_INFINITY;
  let events = 0;
  while (queue.nextTime() <= untilMicros) {
    assert(events < eventsMax, 'too many events in one run: does an event keep scheduling itself at its own time?');
    queue.pop();
    if (queue.time > advancedTo) {
      advancedTo = queue.time;
      run.advance(advancedTo);
    }
    run.dispatch();
    events++;
  }
  if (untilMicros > advancedTo) run.advance(untilMicros);
  return events;
}
