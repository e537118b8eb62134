/** Schedules: an experiment again and again, within the contest. */
import { checkedPart, type DocumentPart, invalidPart } from '../checked-part.ts';
import { fieldsLike, harmless, unread, unreadFields } from '../unread-fields.ts';
import { fieldOf } from './chaos-kind.ts';
import { fields, maybe, text } from './chaos-schema.ts';
import { type ChaosTimeline, embedded } from './chaos-timeline.ts';
import { firings, firstFiring, parseSchedule, type Schedule } from './cron.ts';
import { KILLED_ONCE_SECONDS } from './kinds/pod-chaos.ts';
import { chaosKinds } from './kinds.ts';

const schema = fields({
  schedule: text,
  type: text,
  concurrencyPolicy: maybe(text),
  historyLimit: harmless,
  startingDeadlineSeconds: unread('a schedule is never late here'),
});

/** A schedule within its bounds of time. */
export interface ScheduleOccasion {
  /** Its fields: `schedule`, `type` and those of the type. */
  readonly part: DocumentPart;
  readonly source: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Second of the year at which the script begins. */
  readonly clockZero: number;
  /** Places a workflow and returns when it is over; left out where a schedule may not hold one. */
  readonly workflow?: (workflow: { readonly part: DocumentPart; readonly startSeconds: number }) => number;
}

/** When the schedule fires; throws MANIFEST_INVALID. */
export function scheduleOf(part: DocumentPart, source: string): Schedule {
  const { schedule } = checkedPart(schema, part, source);
  const parsed = parseSchedule(schedule);
  if (parsed !== null) return parsed;
  const problem = `${JSON.stringify(schedule.slice(0, 60))} is neither a cron schedule nor @every with a duration`;
  throw invalidPart(part, ['schedule'], { subject: source, problem });
}

/** The second of the year at which the earliest of these schedules fires; 0 when none goes by the clock. */
export function clockZeroOf(schedules: readonly Schedule[]): number {
  const first = schedules.flatMap((schedule) => (schedule.kind === 'cron' ? (firstFiring(schedule.fields) ?? []) : []));
  return first.length === 0 ? 0 : Math.min(...first);
}

/** Places each firing; with `Forbid`, none while the one before still runs. */
export function placeSchedule(timeline: ChaosTimeline, occasion: ScheduleOccasion): void {
  const { part, source, endSeconds } = occasion;
  const { type, concurrencyPolicy } = checkedPart(schema, part, source);
  const schedule = scheduleOf(part, source);
  timeline.refuseUnread(source, part, () => unreadFields([schema, experimentsBeside(type)], part));
  if (placedAsInterval(timeline, occasion, { type, schedule })) return;
  let busyUntil = 0;
  let count = 0;
  for (const at of times(schedule, occasion)) {
    if (concurrencyPolicy !== 'Allow' && at < busyUntil) continue;
    if (timeline.isFull) {
      timeline.refuse(source, 'it fires more often than a script holds faults; later firings are left out');
      return;
    }
    count += 1;
    busyUntil = placeOnce(timeline, occasion, { type, startSeconds: at });
  }
  if (count === 0) timeline.refuse(source, `it does not fire before ${Math.round(endSeconds)} s`);
}

/** Every kind's own field: that of the type is looked at by itself, the others do nothing. */
function experimentsBeside(type: string) {
  const others = [...chaosKinds.map(({ kind }) => fieldOf(kind)), 'workflow'];
  return fields({
    ...fieldsLike(unread(`the type is ${type.slice(0, 80)}`), ...others),
    [type === 'Workflow' ? 'workflow' : fieldOf(type)]: harmless,
  });
}

/** Returns when it is over. */
function placeOnce(
  timeline: ChaosTimeline,
  { part, source, endSeconds, workflow }: ScheduleOccasion,
  { type, startSeconds }: { readonly type: string; readonly startSeconds: number },
): number {
  if (type === 'Workflow' && workflow !== undefined) return workflow({ part: workflowIn(part), startSeconds });
  const spec = embedded(type, part, source);
  const seconds = timeline.place({ kind: type, spec, source, startSeconds, endSeconds });
  return seconds === null ? startSeconds : startSeconds + seconds;
}

function workflowIn({ value, path, source }: DocumentPart): DocumentPart {
  const own: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'workflow') : undefined;
  return { value: own ?? {}, path: [...path, 'workflow'], source };
}

function* times(schedule: Schedule, { startSeconds, endSeconds, clockZero }: ScheduleOccasion): Generator<number> {
  if (schedule.kind === 'every') {
    for (let at = startSeconds + schedule.seconds; at < endSeconds; at += schedule.seconds) yield at;
    return;
  }
  for (const at of firings(schedule.fields, clockZero + startSeconds, clockZero + endSeconds)) yield at - clockZero;
}

/** All of a service's pods killed every so often is one fault with an interval. */
function placedAsInterval(
  timeline: ChaosTimeline,
  { part, source, startSeconds, endSeconds }: ScheduleOccasion,
  { type, schedule }: { readonly type: string; readonly schedule: Schedule },
): boolean {
  if (schedule.kind !== 'every' || type !== 'PodChaos') return false;
  const first = startSeconds + schedule.seconds;
  const occasion = { kind: type, spec: embedded(type, part, source), source, startSeconds: first, endSeconds };
  const { drafts } = timeline.read(occasion);
  const kills = drafts.filter(({ fault, mode }) => fault === 'service.kill' && mode === 'all');
  if (kills.length === 0 || kills.length < drafts.length || first >= endSeconds) return false;
  for (const { ownSeconds, parameters, ...draft } of kills) {
    const intervalSeconds = Math.min(schedule.seconds, KILLED_ONCE_SECONDS);
    timeline.put({ ...draft, parameters: { ...parameters, intervalSeconds } }, occasion, endSeconds - first);
  }
  return true;
}
