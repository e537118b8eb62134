/** Faults on their way from another tool's experiment into a scenario's script. */
import type { ScriptedFault } from '../../scenario.ts';

/** A fault without its time. */
export interface FaultDraft {
  readonly fault: string;
  /** Name of a component. */
  readonly target: string;
  readonly peer?: string;
  readonly direction?: ScriptedFault['direction'];
  readonly mode?: NonNullable<ScriptedFault['mode']>;
  readonly value?: number;
  /** Left out: the severity whose parameters are nearer. */
  readonly severity?: string;
  readonly parameters?: Readonly<Record<string, number>>;
  /** A fault that is over at once lasts so long, whatever the experiment does. */
  readonly ownSeconds?: number;
  /** In which way it is not quite what the experiment says. */
  readonly notes?: readonly string[];
}

/** What an experiment does, as far as the simulated system can do it too. */
export interface ReadExperiment {
  readonly drafts: readonly FaultDraft[];
  /** What has no counterpart, with the reason. */
  readonly refused: readonly string[];
}

/** A fault with its time. */
export interface PlacedFault extends FaultDraft {
  readonly startSeconds: number;
  /** Null = to the end of the episode. */
  readonly durationSeconds: number | null;
  /** The experiment, in words. */
  readonly source: string;
}

/** All that a set of files does. */
export interface FaultTimeline {
  readonly faults: readonly PlacedFault[];
  readonly refused: readonly string[];
}

/** Nothing, for this reason. */
export function refusal(...reasons: readonly string[]): ReadExperiment {
  return { drafts: [], refused: reasons };
}

/** Several at once. */
export function together(...parts: readonly ReadExperiment[]): ReadExperiment {
  return {
    drafts: parts.flatMap((part) => part.drafts),
    refused: parts.flatMap((part) => part.refused),
  };
}

/** The draft with remarks of its own and these. */
export function withNotes(draft: FaultDraft, notes: readonly string[]): FaultDraft {
  return notes.length === 0 ? draft : { ...draft, notes: [...(draft.notes ?? []), ...notes] };
}
