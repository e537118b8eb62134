/** What a script may say about a fault beyond kind, place and severity: how many replicas, which peer, which way. */

/** Which way a fault between the target and others acts, seen from the target. */
export type Direction = 'to' | 'from' | 'both';

/** How many replicas of its target a fault takes. */
export type FaultMode = 'one' | 'all' | 'fixed' | 'fixed-percent' | 'random-max-percent';

/** The words of each, in the order of their codes. */
export const directions: readonly Direction[] = ['both', 'to', 'from'];
export const faultModes: readonly FaultMode[] = ['one', 'all', 'fixed', 'fixed-percent', 'random-max-percent'];

/** What differs from the fault as its severity states it. */
export interface FaultOptions {
  /** Replaces its own duration; null = until repaired. */
  readonly durationSeconds?: number | null;
  /** Replaces the number of replicas of the severity, and the share that chaos may touch. */
  readonly mode?: FaultMode | null;
  /** Replicas or percent, with a mode that needs one. */
  readonly value?: number | null;
  /** Index of a service that has a call to or from the target. */
  readonly peer?: number | null;
  readonly direction?: Direction;
  /** Instead of those of the severity, by name. */
  readonly parameters?: Readonly<Record<string, number>>;
}

/** Whether a mode needs a value. */
export function modeNeedsValue(mode: FaultMode): boolean {
  return mode !== 'one' && mode !== 'all';
}

/** Whether a mode's value is a percentage. */
export function modeIsPercent(mode: FaultMode): boolean {
  return mode === 'fixed-percent' || mode === 'random-max-percent';
}

/** Replicas a mode takes of `candidates`, at least one; `draw(n)` gives an integer below n. */
export function modeCount(
  { mode, value }: { readonly mode: FaultMode; readonly value: number },
  candidates: number,
  draw: (bound: number) => number,
): number {
  switch (mode) {
    case 'one':
      return 1;
    case 'all':
      return candidates;
    case 'fixed':
      return Math.max(1, Math.min(candidates, Math.floor(value)));
    case 'fixed-percent':
      return percentOf(value, candidates);
    case 'random-max-percent':
      return percentOf(draw(Math.floor(value) + 1), candidates);
  }
}

function percentOf(percent: number, candidates: number): number {
  // Rounded up, as Chaos Mesh does; the small subtrahend keeps 28 % of 100 from counting as 29.
  return Math.max(1, Math.min(candidates, Math.ceil((percent / 100) * candidates - 1e-9)));
}
