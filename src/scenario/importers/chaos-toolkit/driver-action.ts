/** What an action of a Chaos Toolkit driver is: what it becomes, and a function that reads its arguments. */
import { z } from 'zod';
import { checkedPart, type DocumentPart } from '../checked-part.ts';
import type { BaseSystem } from '../fault-script/base-system.ts';
import type { ReadExperiment } from '../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unreadFields } from '../unread-fields.ts';

/** What an action does here. */
export type ActionEffect =
  /** Faults begin; `key` is by what another action ends them, `seconds` how long they last by themselves. */
  | {
      readonly kind: 'starts';
      readonly experiment: ReadExperiment;
      readonly key?: string;
      readonly seconds?: number;
    }
  /** Faults whose key begins so are over. */
  | { readonly kind: 'ends'; readonly keys: string }
  | { readonly kind: 'nothing'; readonly reason: string };

/** Where the arguments stand, and the system that the action acts on. */
export interface ActionContext {
  readonly base: BaseSystem;
  readonly part: DocumentPart;
  readonly subject: string;
}

/** A function of a driver. */
export interface DriverAction {
  /** For instance `chaosk8s.pod.actions`. */
  readonly module: string;
  readonly func: string;
  /** The fault, or `-` with the reason why there is none. */
  readonly becomes: string;
  /** What of its arguments is not read, in words. */
  unread?(context: ActionContext): readonly string[];
  read(context: ActionContext): ActionEffect;
}

/** What drivers take for their connection, and the namespace, which a scenario does not have. */
const everyAction = z.looseObject(fieldsLike(harmless, 'ns', 'configuration', 'secrets'));

/** Makes an action whose `read` gets its arguments checked. */
export function driverAction<Arguments>(form: {
  readonly module: string;
  readonly func: string;
  readonly becomes: string;
  readonly schema: z.ZodType<Arguments, unknown>;
  readonly read: (given: Arguments, context: ActionContext) => ActionEffect;
}): DriverAction {
  const { module, func, becomes, schema } = form;
  return {
    module,
    func,
    becomes,
    unread: ({ part }) => unreadFields([schema, everyAction], part),
    read: (context) => form.read(checkedPart(schema, context.part, context.subject), context),
  };
}

/** An action that has no counterpart. */
export function foreignAction(module: string, func: string, reason: string): DriverAction {
  return { module, func, becomes: `- ${reason}`, read: () => ({ kind: 'nothing', reason }) };
}
