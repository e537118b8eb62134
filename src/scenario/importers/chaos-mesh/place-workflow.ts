/** Workflows: serial, parallel and suspended steps become times; tasks and conditions are listed. */
import { z } from 'zod';
import { checkedPart, type DocumentPart, invalidPart } from '../checked-part.ts';
import { fieldLine, fieldsLike, harmless, isEmpty, unread, unreadFields } from '../unread-fields.ts';
import { fieldOf } from './chaos-kind.ts';
import { duration, fields, maybe, text, texts } from './chaos-schema.ts';
import { type ChaosTimeline, embedded, unknownKind } from './chaos-timeline.ts';
import type { Schedule } from './cron.ts';
import { chaosKinds } from './kinds.ts';
import { placeSchedule, scheduleOf } from './place-schedule.ts';

const IS_LIST = { error: 'must be a list' };

// Whether the system is well is not asked of a status check, so how it would find out does not matter.
const statusCheck = fields({
  mode: maybe(text),
  ...fieldsLike(harmless, 'type', 'duration', 'timeoutSeconds', 'intervalSeconds', 'http'),
  ...fieldsLike(harmless, 'failureThreshold', 'successThreshold', 'recordsHistoryLimit'),
});

const schema = fields({
  entry: text,
  templates: z.array(
    fields({
      name: text,
      templateType: text,
      deadline: maybe(duration),
      children: maybe(texts),
      statusCheck: maybe(statusCheck),
      task: harmless,
      conditionalBranches: maybe(z.array(fields({ target: maybe(text), expression: harmless }), IS_LIST)),
      schedule: harmless,
      abortWithStatusCheck: unread('the simulated system has objectives of its own'),
      ...fieldsLike(harmless, ...chaosKinds.map(({ kind }) => fieldOf(kind))),
    }),
    { error: 'must be a list of templates' },
  ),
});
type Workflow = z.output<typeof schema>;
type Template = Workflow['templates'][number];

/** Kinds of steps beside the experiments, each with the fields that only some kinds have. */
const FIELDS_OF_STEPS: Readonly<Record<string, readonly string[]>> = {
  Serial: ['children'],
  Parallel: ['children'],
  Suspend: [],
  Schedule: ['schedule'],
  StatusCheck: ['statusCheck'],
  Task: ['task', 'conditionalBranches'],
};
const KINDS_OF_STEPS = Object.keys(FIELDS_OF_STEPS);
const STEPS_MAX = 10_000;
const DEEP_MAX = 32;

/** A workflow that begins at a time. */
interface WorkflowOccasion {
  readonly part: DocumentPart;
  readonly source: string;
  readonly startSeconds: number;
  readonly clockZero: number;
}

/** Schedules among the templates. */
export function schedulesIn(part: DocumentPart, source: string): Schedule[] {
  return checkedPart(schema, part, source).templates.flatMap(({ templateType }, index) =>
    templateType === 'Schedule' ? [scheduleOf(templatePart(part, index, 'schedule'), source)] : [],
  );
}

/** Places every step. Returns when the workflow is over; at the end of the contest if something in it has no end. */
export function placeWorkflow(timeline: ChaosTimeline, occasion: WorkflowOccasion): number {
  const { part, source, startSeconds } = occasion;
  const workflow = checkedPart(schema, part, source);
  timeline.refuseUnread(source, part, () => [...unreadFields([schema], part), ...idleFields(workflow, part)]);
  const over = new Steps(timeline, workflow, occasion).walk(workflow.entry, {
    at: ['entry'],
    startSeconds,
    endSeconds: Infinity,
    deep: 0,
  });
  return Number.isFinite(over) ? over : timeline.base.contestSeconds;
}

interface Step {
  /** Where the step is asked for. */
  readonly at: readonly (string | number)[];
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly deep: number;
}

class Steps {
  readonly #timeline: ChaosTimeline;
  readonly #workflow: Workflow;
  readonly #occasion: WorkflowOccasion;
  #count = 0;

  constructor(timeline: ChaosTimeline, workflow: Workflow, occasion: WorkflowOccasion) {
    this.#timeline = timeline;
    this.#workflow = workflow;
    this.#occasion = occasion;
  }

  /** Places the step of this name and returns when it is over. */
  walk(name: string, step: Step): number {
    const { startSeconds, deep } = step;
    const index = this.#workflow.templates.findIndex((template) => template.name === name);
    const template = this.#workflow.templates[index];
    if (template === undefined)
      throw this.#invalid(step.at, `there is no template ${JSON.stringify(name.slice(0, 80))}`);
    this.#count += 1;
    if (deep > DEEP_MAX || this.#count > STEPS_MAX) {
      throw this.#invalid(step.at, 'the templates lead to each other in a circle, or to too many steps');
    }
    const endSeconds = Math.min(step.endSeconds, startSeconds + (template.deadline ?? Infinity));
    if (startSeconds >= endSeconds) return endSeconds;
    return this.#place(template, index, { ...step, endSeconds });
  }

  #place(template: Template, index: number, step: Step): number {
    const { startSeconds, endSeconds } = step;
    switch (template.templateType) {
      case 'Serial':
        return this.#serial(template, index, step);
      case 'Parallel': {
        const ends = (template.children ?? []).map((child, at) =>
          this.walk(child, { ...step, at: this.#childPath(index, at), deep: step.deep + 1 }),
        );
        return Math.min(endSeconds, Math.max(startSeconds, ...ends));
      }
      case 'Suspend':
        return endSeconds;
      case 'Schedule': {
        const { part, clockZero } = this.#occasion;
        const until = Math.min(endSeconds, this.#timeline.base.contestSeconds);
        const own = { part: templatePart(part, index, 'schedule'), source: this.#named(template), clockZero };
        placeSchedule(this.#timeline, { ...own, startSeconds, endSeconds: until });
        return endSeconds;
      }
      case 'StatusCheck':
        this.#timeline.refuse(this.#named(template), 'the simulated system has objectives of its own instead');
        return template.statusCheck?.mode === 'Continuous' ? endSeconds : startSeconds;
      case 'Task':
        this.#timeline.refuse(this.#named(template), taskReason(template));
        return startSeconds;
      default:
        return this.#experiment(template, index, step);
    }
  }

  #serial({ children }: Template, index: number, step: Step): number {
    let at = step.startSeconds;
    for (const [position, child] of (children ?? []).entries()) {
      if (at === Infinity) this.#timeline.refuse(this.#occasion.source, `step ${child.slice(0, 80)} is never reached`);
      if (at >= step.endSeconds) break;
      at = this.walk(child, {
        at: this.#childPath(index, position),
        startSeconds: at,
        endSeconds: step.endSeconds,
        deep: step.deep + 1,
      });
    }
    return Math.min(at, step.endSeconds);
  }

  #experiment(template: Template, index: number, { startSeconds, endSeconds }: Step): number {
    const { templateType } = template;
    const source = this.#named(template);
    const part = templatePart(this.#occasion.part, index);
    if (!chaosKinds.some(({ kind }) => kind === templateType))
      throw unknownKind(templateType, part, source, KINDS_OF_STEPS);
    const spec = embedded(templateType, part, source);
    this.#timeline.place({ kind: templateType, spec, source, startSeconds, endSeconds });
    return endSeconds;
  }

  #named({ name }: Template): string {
    return `${this.#occasion.source}, step ${name.slice(0, 80)}`;
  }

  #childPath(index: number, position: number): (string | number)[] {
    return ['templates', index, 'children', position];
  }

  #invalid(path: readonly (string | number)[], problem: string) {
    const { part, source } = this.#occasion;
    return invalidPart(part, path, { subject: source, problem });
  }
}

/** Why there is nothing for a task. It takes no time, since nobody knows how long its container runs. */
function taskReason({ conditionalBranches }: Template): string {
  const branches = (conditionalBranches ?? []).flatMap(({ target }) => target ?? []);
  const lost = branches.length === 0 ? '' : `; so ${branches.join(', ').slice(0, 200)} is left out with it`;
  return `a Task runs a container and goes on by what it says, which a script cannot do${lost}`;
}

/** Fields of templates that belong to another kind of step; Chaos Mesh does not look at them. */
function idleFields({ templates }: Workflow, part: DocumentPart): string[] {
  const experiments = chaosKinds.map(({ kind }) => fieldOf(kind));
  const owned = new Set([...Object.values(FIELDS_OF_STEPS).flat(), ...experiments]);
  return templates.flatMap((template, index) => {
    const { templateType } = template;
    const isExperiment = !Object.hasOwn(FIELDS_OF_STEPS, templateType);
    const own = isExperiment ? [fieldOf(templateType)] : (FIELDS_OF_STEPS[templateType] ?? []);
    return Object.entries(template)
      .filter(([field, value]) => owned.has(field) && !own.includes(field) && !isEmpty(value))
      .map(([field]) => {
        const problem = `has no counterpart: the type is ${templateType.slice(0, 80)}`;
        return fieldLine(part, { path: ['templates', index, field], problem });
      });
  });
}

/** A template, or a field of it. */
function templatePart(part: DocumentPart, index: number, field?: string): DocumentPart {
  const { value } = part;
  const list: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'templates') : undefined;
  const template: unknown = Array.isArray(list) ? list[index] : undefined;
  const path = [...part.path, 'templates', index];
  if (field === undefined) return { value: template, path, source: part.source };
  const own: unknown = typeof template === 'object' && template !== null ? Reflect.get(template, field) : undefined;
  return { value: own ?? {}, path: [...path, field], source: part.source };
}
