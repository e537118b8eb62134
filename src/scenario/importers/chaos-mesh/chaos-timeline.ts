/** Lays experiments, schedules and workflows on one line of time; it begins when all of them are applied. */
import type { z } from 'zod';
import { type DeeplOpsError, nearestName } from '../../../base/index.ts';
import { LIMITS } from '../../schema.ts';
import { checkedPart, type DocumentPart, invalidPart } from '../checked-part.ts';
import type { BaseSystem } from '../fault-script/base-system.ts';
import type { FaultDraft, PlacedFault } from '../fault-script/fault-draft.ts';
import { fieldOf } from './chaos-kind.ts';
import { chaosKinds } from './kinds.ts';
import { commonFields, unreadOf } from './unread-of.ts';

/** An experiment in its place: until `endSeconds` at the latest. */
export interface Occasion {
  readonly kind: string;
  readonly spec: DocumentPart;
  /** In words, for comments and complaints. */
  readonly source: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Most times that schedules fire, and most remarks about what has no counterpart. */
const FIRINGS_MAX: number = LIMITS.scriptedFaults;
const REFUSALS_MAX = 500;
const FULL = `a script holds at most ${FIRINGS_MAX} faults; what comes later is left out`;

export class ChaosTimeline {
  readonly faults: PlacedFault[] = [];
  readonly base: BaseSystem;
  readonly #refused = new Set<string>();
  /** Parts whose unread fields are listed; a schedule comes by its own again and again. */
  readonly #looked = new Set<unknown>();

  constructor(base: BaseSystem) {
    this.base = base;
  }

  get refused(): readonly string[] {
    return [...this.#refused];
  }

  refuse(source: string, reason: string): void {
    if (this.#refused.size < REFUSALS_MAX) this.#refused.add(`${source}: ${reason}`);
  }

  /** Lists what stands in a part of a file beyond what is read. */
  refuseUnread(source: string, part: DocumentPart, look: () => readonly string[]): void {
    if (this.#looked.has(part.value) || this.#refused.size >= REFUSALS_MAX) return;
    this.#looked.add(part.value);
    for (const line of look()) this.refuse(source, line);
  }

  /** Whether the script has room for more. */
  get isFull(): boolean {
    return this.faults.length >= FIRINGS_MAX;
  }

  /** Puts an experiment in its place. Returns how long it lasts, null = until it is deleted. */
  place(occasion: Occasion): number | null {
    if (this.isFull) {
      this.refuse(occasion.source, FULL);
      return null;
    }
    const { drafts, seconds } = this.read(occasion);
    for (const draft of drafts) this.put(draft, occasion, seconds);
    return seconds;
  }

  /** What an experiment does, and for how long. */
  read({ kind, spec, source }: Occasion): { readonly drafts: readonly FaultDraft[]; readonly seconds: number | null } {
    const known = chaosKinds.find((each) => each.kind === kind);
    if (known === undefined) throw unknownKind(kind, spec, source);
    const checked = checkedPart(known.schema as z.ZodType<unknown>, spec, source);
    const { drafts, refused } = known.read(checked, this.base);
    for (const reason of refused) this.refuse(source, reason);
    this.refuseUnread(source, spec, () => unreadOf(known, spec));
    return { drafts, seconds: checkedPart(commonFields, spec, source).duration ?? null };
  }

  put(draft: FaultDraft, { source, startSeconds, endSeconds }: Occasion, seconds: number | null): void {
    if (this.isFull) {
      this.refuse(source, FULL);
      return;
    }
    const lasts = Math.min(draft.ownSeconds ?? seconds ?? Infinity, endSeconds - startSeconds);
    if (lasts <= 0) return;
    this.faults.push({ ...draft, startSeconds, durationSeconds: Number.isFinite(lasts) ? lasts : null, source });
  }
}

/** The fields of a kind within a Schedule or a Workflow. */
export function embedded(kind: string, parent: DocumentPart, source: string): DocumentPart {
  const field = fieldOf(kind);
  const { value } = parent;
  const spec: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  if (typeof spec !== 'object' || spec === null) {
    throw invalidPart(parent, [field], { subject: source, problem: `is missing, and the type is ${kind}` });
  }
  return { value: spec, path: [...parent.path, field], source: parent.source };
}

/** MANIFEST_INVALID for a kind that Chaos Mesh does not have, with the nearest that it has. */
export function unknownKind(
  kind: string,
  part: DocumentPart,
  source: string,
  more: readonly string[] = [],
): DeeplOpsError {
  const names = [...chaosKinds.map((each) => each.kind), ...more];
  const nearest = nearestName(kind, names);
  const problem = `there is no kind of experiment ${JSON.stringify(kind.slice(0, 80))}`;
  const hint = nearest === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${nearest}?`;
  return invalidPart(part, [], { subject: source, problem, hint });
}
