/** What a kind of Chaos Mesh experiment is: what each of its actions becomes, and a function that reads one. */
import type { z } from 'zod';
import type { BaseSystem } from '../fault-script/base-system.ts';
import type { ReadExperiment } from '../fault-script/fault-draft.ts';
import { refusal } from '../fault-script/fault-draft.ts';

/** A kind. */
export interface ChaosKind {
  /** For instance `NetworkChaos`; within Schedules and Workflows its fields stand under `networkChaos`. */
  readonly kind: string;
  /** Faults by action, or `-` with the reason why there is none. */
  readonly actions: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<unknown, unknown>;
  /** Fields that only some actions have; beside another action they do nothing. */
  readonly actionFields?: ActionFields;
  /** What an experiment of this kind does here; `spec` has passed the schema. */
  read(spec: unknown, base: BaseSystem): ReadExperiment;
}

/** Actions by field. */
export type ActionFields = Readonly<Record<string, readonly string[]>>;

/** Makes a kind whose `read` knows the type that its schema gives. */
export function chaosKind<Spec>(form: {
  readonly kind: string;
  readonly actions: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Spec, unknown>;
  readonly actionFields?: ActionFields;
  readonly read: (spec: Spec, base: BaseSystem) => ReadExperiment;
}): ChaosKind {
  return { ...form, read: (spec, base) => form.read(spec as Spec, base) };
}

/** A kind that has no counterpart, whatever its action. */
export function foreignKind(kind: string, reason: string, schema: z.ZodType<unknown, unknown>): ChaosKind {
  return { kind, actions: { every: `- ${reason}` }, schema, read: () => refusal(reason) };
}

/** The name under which a kind's fields stand in a Schedule or a Workflow: `networkChaos`, `ioChaos`. */
export function fieldOf(kind: string): string {
  return `${kind.slice(0, -'Chaos'.length).toLowerCase()}Chaos`;
}
