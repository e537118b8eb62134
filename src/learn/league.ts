/**
 * The league: against whom the learning role plays. Each episode's opponent is drawn from shares of the latest opponent,
 * its past snapshots, scripted policies, archived failure scripts and silence (a quiet episode); past ones by prioritised
 * fictitious self-play.
 */

import { assert, exp, log } from '../base/index.ts';
import type { LeagueSettings } from './train-settings.ts';

/** What a seat of an opponent can hold; entries are numbered, and the numbers are shared with the workers. */
export type OpponentEntry =
  | { readonly kind: 'silent' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'past'; readonly slot: number }
  | { readonly kind: 'script'; readonly name: string }
  | { readonly kind: 'archive'; readonly place: number };

export const SILENT_ENTRY = 0;
export const LATEST_ENTRY = 1;
const PAST_ENTRY = 2;

/** A role's past snapshots and everybody's record against it. */
export interface LeagueRoleState {
  /** Iteration of the snapshot in each slot, -1 where the slot is free. */
  readonly slots: number[];
  /** Whether this role has learned anything yet: an untrained opponent teaches nothing. */
  trained: boolean;
  /** The other role's decayed games and successes against each entry of this role. */
  readonly games: number[];
  readonly successes: number[];
}

/** The entries of a role as an opponent: silence, latest, past slots, scripts, places of the archive, in this order. */
export function opponentEntries(pastMax: number, scripts: readonly string[], archivePlaces = 0): OpponentEntry[] {
  const past = Array.from({ length: pastMax }, (_, slot): OpponentEntry => ({ kind: 'past', slot }));
  const scripted = scripts.map((name): OpponentEntry => ({ kind: 'script', name }));
  const archived = Array.from({ length: archivePlaces }, (_, place): OpponentEntry => ({ kind: 'archive', place }));
  return [{ kind: 'silent' }, { kind: 'latest' }, ...past, ...scripted, ...archived];
}

/** Pools, records and draw probabilities, for each role as an opponent. */
export class League {
  readonly #settings: LeagueSettings;
  readonly #entries: ReadonlyMap<string, readonly OpponentEntry[]>;
  readonly #states: Map<string, LeagueRoleState> = new Map();

  constructor(settings: LeagueSettings, entries: ReadonlyMap<string, readonly OpponentEntry[]>) {
    this.#settings = settings;
    this.#entries = entries;
    for (const [role, list] of entries) {
      const zeros = (): number[] => list.filter(({ kind }) => kind !== 'archive').map(() => 0);
      const slots = new Array<number>(settings.pastMax).fill(-1);
      this.#states.set(role, { slots, trained: false, games: zeros(), successes: zeros() });
    }
  }

  /** Notes that a role has learned, so that it is drawn as the latest opponent from now on. */
  markTrained(role: string): void {
    this.#state(role).trained = true;
  }

  /** Whether a role has learned anything yet, here or elsewhere. */
  isTrained(role: string): boolean {
    return this.#state(role).trained;
  }

  /** Records how the learning role fared (1 success, 0 failure) against an entry of `opponent`. */
  record(opponent: string, entry: number, success: number): void {
    // The archive keeps the records of its scripts itself: places change their script, scripts keep their record.
    if (this.#entries.get(opponent)?.[entry]?.kind === 'archive') return;
    const { games, successes } = this.#state(opponent);
    const decay = this.#settings.recordDecay;
    games[entry] = games[entry]! * decay + 1;
    successes[entry] = successes[entry]! * decay + success;
  }

  /** How often the learning role succeeds against an entry; a half before any game. */
  successRate(opponent: string, entry: number): number {
    const { games, successes } = this.#state(opponent);
    return (successes[entry]! + 0.5) / (games[entry]! + 1);
  }

  /** The slot for a new snapshot of `role`: a free one, else the one the other role beats most often (oldest first). */
  takeSlot(role: string, iteration: number): number {
    const { slots, games, successes } = this.#state(role);
    let chosen = slots.indexOf(-1);
    if (chosen < 0) {
      chosen = 0;
      for (let slot = 1; slot < slots.length; slot++) {
        const difference = this.successRate(role, PAST_ENTRY + slot) - this.successRate(role, PAST_ENTRY + chosen);
        if (difference > 0 || (difference === 0 && slots[slot]! < slots[chosen]!)) chosen = slot;
      }
    }
    slots[chosen] = iteration;
    games[PAST_ENTRY + chosen] = 0;
    successes[PAST_ENTRY + chosen] = 0;
    return chosen;
  }

  /**
   * Writes the cumulative probabilities of `opponent`'s entries to `cumulative`; `archive` holds what each place of the
   * archive gets of its share, which they may leave a part of to others.
   */
  drawTable(
    opponent: string,
    options: { readonly quietRatio: number; readonly archive?: readonly number[] | undefined },
    cumulative: Float64Array,
  ): void {
    const weights = this.#weights(opponent, options.quietRatio, options.archive ?? []);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    assert(total > 0, `no opponent for ${opponent}'s seat`);
    let sum = 0;
    for (let entry = 0; entry < weights.length; entry++) {
      sum += weights[entry]! / total;
      cumulative[entry] = sum;
    }
  }

  save(): Record<string, LeagueRoleState> {
    return structuredClone(Object.fromEntries(this.#states));
  }

  load(states: Readonly<Record<string, LeagueRoleState>>): void {
    for (const role of this.#states.keys()) {
      const state = states[role];
      assert(state !== undefined, `the saved league has no ${role}`);
      this.#states.set(role, structuredClone(state));
    }
  }

  /** A share without takers (no snapshot yet, no script, an empty archive) goes to the others in proportion. */
  #weights(opponent: string, quietRatio: number, archived: readonly number[]): number[] {
    const { latest, past, scripted, archive } = this.#settings.shares;
    const entries = this.#entries.get(opponent)!;
    const { slots, trained } = this.#state(opponent);
    const scripts = entries.filter((entry) => entry.kind === 'script').length;
    const priorities = this.#pastPriorities(opponent);
    const pastTotal = priorities.reduce((sum, priority) => sum + priority, 0);
    const archivedTotal = archived.reduce((sum, weight) => sum + weight, 0);
    const played = (trained ? latest : 0) + (pastTotal > 0 ? past : 0) + (scripts > 0 ? scripted : 0);
    const active = played + archive * archivedTotal;
    const scale = active > 0 ? (1 - quietRatio) / active : 0;
    // Nobody else to play: even an untrained opponent is better than none.
    const latestWeight = active > 0 ? Number(trained) * latest * scale : 1 - quietRatio;
    return entries.map((entry) => {
      if (entry.kind === 'silent') return quietRatio;
      if (entry.kind === 'latest') return latestWeight;
      if (entry.kind === 'script') return (scripted * scale) / scripts;
      if (entry.kind === 'archive') return archive * scale * (archived[entry.place] ?? 0);
      return slots[entry.slot]! < 0 ? 0 : (past * scale * priorities[entry.slot]!) / pastTotal;
    });
  }

  /** (1 - success rate)^exponent, lifted so that each snapshot keeps at least the floor's share of the past. */
  #pastPriorities(opponent: string): number[] {
    const { slots } = this.#state(opponent);
    const { exponent, floor } = this.#settings;
    const raw = slots.map((iteration, slot) =>
      iteration < 0 ? 0 : exp(exponent * log(1 - this.successRate(opponent, PAST_ENTRY + slot))),
    );
    const total = raw.reduce((sum, priority) => sum + priority, 0);
    const used = raw.filter((_, slot) => slots[slot]! >= 0).length;
    const lift = Math.min(floor, used > 0 ? 1 / used : 0);
    return raw.map((priority, slot) => (slots[slot]! < 0 ? 0 : lift + (1 - lift * used) * (priority / total)));
  }

  #state(role: string): LeagueRoleState {
    const state = this.#states.get(role);
    assert(state !== undefined, `the league knows no role ${role}`);
    return state;
  }
}

/** The first entry whose cumulative probability exceeds `uniform` in [0, 1). */
export function drawEntry(cumulative: Float64Array, uniform: number): number {
  let last = 0;
  let below = 0;
  for (let entry = 0; entry < cumulative.length; entry++) {
    const upTo = cumulative[entry]!;
    if (upTo > below) last = entry;
    if (uniform < upTo) return entry;
    below = upTo;
  }
  return last;
}
