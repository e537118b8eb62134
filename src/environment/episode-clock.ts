/** Phases and decision moments of an episode: two agents with their own decision lengths on one time line. */

import type { StateLayout, Table } from '../base/index.ts';
import { secondsToMicros } from '../kernel/index.ts';
import type { ContestRules } from '../scenario/index.ts';
import type { ContestPhase } from './contest-info.ts';

/** Times of one episode in microseconds. Steps end at the next decision of either role, or at the end of a phase. */
export class EpisodeClock {
  readonly warmUpMicros: number;
  readonly contestMicros: number;
  readonly totalMicros: number;
  readonly #chaosMicros: number;
  readonly #orderMicros: number;
  readonly #table: Table<{ step: 'i32'; over: 'u8'; started: 'u8' }>;

  constructor(layout: StateLayout, rules: ContestRules) {
    this.warmUpMicros = secondsToMicros(rules.warmUpSeconds);
    this.contestMicros = secondsToMicros(rules.contestSeconds);
    this.totalMicros = this.contestMicros + secondsToMicros(rules.recoverySeconds);
    this.#chaosMicros = secondsToMicros(rules.decisionSeconds.chaos);
    this.#orderMicros = secondsToMicros(rules.decisionSeconds.order);
    this.#table = layout.table('episode', 1, { step: 'i32', over: 'u8', started: 'u8' });
  }

  /** Steps of a whole episode. */
  get steps(): number {
    const end = this.warmUpMicros + this.totalMicros;
    let steps = 0;
    for (let now = this.warmUpMicros; now < end; now = this.nextMicros(now)) steps += 1;
    return steps;
  }

  get step(): number {
    return this.#table.step[0]!;
  }

  /** An episode has begun and is not over. */
  get running(): boolean {
    return this.#table.started[0] === 1 && this.#table.over[0] === 0;
  }

  begin(): void {
    this.#table.step[0] = 0;
    this.#table.over[0] = 0;
    this.#table.started[0] = 1;
  }

  /** Microseconds since the contest began. */
  elapsed(nowMicros: number): number {
    return nowMicros - this.warmUpMicros;
  }

  phase(nowMicros: number): ContestPhase {
    const elapsed = this.elapsed(nowMicros);
    if (elapsed >= this.totalMicros) return 'over';
    return elapsed < this.contestMicros ? 'contest' : 'recovery';
  }

  /** Whether chaos decides now: at its own moments of the contest phase. */
  chaosDue(nowMicros: number): boolean {
    return this.phase(nowMicros) === 'contest' && this.elapsed(nowMicros) % this.#chaosMicros === 0;
  }

  /** Whether order decides now. */
  orderDue(nowMicros: number): boolean {
    return this.phase(nowMicros) !== 'over' && this.elapsed(nowMicros) % this.#orderMicros === 0;
  }

  /** When the step that begins now ends. */
  nextMicros(nowMicros: number): number {
    const elapsed = this.elapsed(nowMicros);
    const chaos = elapsed < this.contestMicros ? nextMultiple(elapsed, this.#chaosMicros) : Infinity;
    const border = elapsed < this.contestMicros ? this.contestMicros : this.totalMicros;
    return this.warmUpMicros + Math.min(chaos, nextMultiple(elapsed, this.#orderMicros), border);
  }

  /** One step is done; the episode is over when its time is. */
  advance(nowMicros: number): void {
    this.#table.step[0]! += 1;
    if (this.phase(nowMicros) === 'over') this.#table.over[0] = 1;
  }
}

function nextMultiple(value: number, unit: number): number {
  return (Math.floor(value / unit) + 1) * unit;
}
