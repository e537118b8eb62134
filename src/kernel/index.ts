/** Public names of the simulation kernel: clock, event queue and the loop that drives them. */
export { MICROS_PER_SECOND, microsToSeconds, secondsToMicros } from './clock.ts';
export { EventQueue, PRIORITY_LEVELS, TIME_MICROS_MAX } from './event-queue.ts';
export type { SimulationRun } from './simulation-loop.ts';
export { runUntil } from './simulation-loop.ts';
