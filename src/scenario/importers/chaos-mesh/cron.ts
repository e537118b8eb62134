/** Schedules as Chaos Mesh writes them: cron with optional seconds, `@hourly` and the like, `@every 30s`. */
import { goSeconds } from './chaos-quantity.ts';

/** When a schedule fires. */
export type Schedule =
  | { readonly kind: 'every'; readonly seconds: number }
  | { readonly kind: 'cron'; readonly fields: CronFields };

interface CronFields {
  readonly second: ReadonlySet<number>;
  readonly minute: ReadonlySet<number>;
  readonly hour: ReadonlySet<number>;
  readonly day: ReadonlySet<number>;
  readonly month: ReadonlySet<number>;
  readonly weekday: ReadonlySet<number>;
  /** With both days restricted, either will do. */
  readonly eitherDay: boolean;
}

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The schedule, or null when it is not one. */
export function parseSchedule(written: string): Schedule | null {
  const text = written.trim().replace(/^(?:CRON_TZ|TZ)=\S{1,64}\s+/, '');
  if (text.length > 256) return null;
  const [, every] = /^@every\s+(\S+)$/.exec(text) ?? [];
  if (every !== undefined) {
    const seconds = goSeconds(every);
    // Chaos Mesh counts whole seconds, one at least.
    return seconds === null || seconds < 0 ? null : { kind: 'every', seconds: Math.max(1, Math.floor(seconds)) };
  }
  const words = (DESCRIPTORS[text] ?? text).split(/\s+/);
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] =
    words.length === 5 ? ['0', ...words] : words;
  if (words.length !== 5 && words.length !== 6) return null;
  const sets = [
    fieldSet(second, { min: 0, max: 59 }),
    fieldSet(minute, { min: 0, max: 59 }),
    fieldSet(hour, { min: 0, max: 23 }),
    fieldSet(day, { min: 1, max: 31 }),
    fieldSet(month, { min: 1, max: 12, names: MONTHS }),
    fieldSet(weekday, { min: 0, max: 6, names: WEEKDAYS }),
  ];
  const [seconds, minutes, hours, days, months, weekdays] = sets;
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) return null;
  const eitherDay = !isOpen(day) && !isOpen(weekday);
  return {
    kind: 'cron',
    fields: { second: seconds, minute: minutes, hour: hours, day: days, month: months, weekday: weekdays, eitherDay },
  };
}

interface FieldBounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

function isOpen(field: string): boolean {
  return /^[*?](?:\/1)?$/.test(field);
}

/** `*`, `5`, `1-5`, `*\/10`, `MON,WED`; null = none of these. */
function fieldSet(field: string, bounds: FieldBounds): ReadonlySet<number> | null {
  const set = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d{1,4}))?$/.exec(part) ?? [];
    const hasStep = part.includes('/');
    const ends = rangeOf(range, bounds, hasStep);
    if (ends === null || Number(step) < 1) return null;
    for (let value = ends[0]; value <= ends[1]; value += Number(step)) set.add(value);
  }
  return set;
}

function rangeOf(range: string, bounds: FieldBounds, hasStep: boolean): readonly [number, number] | null {
  if (range === '*' || range === '?') return [bounds.min, bounds.max];
  const [from = '', to, more] = range.split('-');
  if (more !== undefined) return null;
  const first = numberIn(from, bounds);
  const last = to === undefined ? first : numberIn(to, bounds);
  if (first === null || last === null || first > last) return null;
  return [first, hasStep && to === undefined ? bounds.max : last];
}

function numberIn(word: string, { min, max, names }: FieldBounds): number | null {
  const named = names?.indexOf(word.toLowerCase()) ?? -1;
  if (named >= 0) return named + min;
  const value = /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  return value >= min && value <= max ? value : null;
}

/** Days before each month of a leap year that begins on a Monday, as 2024 does. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS = 366;
const DAY_SECONDS = 86_400;

/** The first time a cron schedule fires in the year, in seconds; null = never. */
export function firstFiring(fields: CronFields): number | null {
  for (const second of firings(fields, 0, DAYS * DAY_SECONDS)) return second;
  return null;
}

/** Times between two seconds of the year at which a cron schedule fires. */
export function* firings(fields: CronFields, fromSecond: number, untilSecond: number): Generator<number> {
  for (let day = Math.floor(fromSecond / DAY_SECONDS); day * DAY_SECONDS < untilSecond && day < DAYS; day += 1) {
    if (!firesOn(fields, day)) continue;
    for (const hour of ordered(fields.hour)) {
      for (const minute of ordered(fields.minute)) {
        for (const second of ordered(fields.second)) {
          const at = day * DAY_SECONDS + hour * 3600 + minute * 60 + second;
          if (at >= fromSecond && at < untilSecond) yield at;
        }
      }
    }
  }
}

function ordered(set: ReadonlySet<number>): number[] {
  return [...set].sort((a, b) => a - b);
}

function firesOn({ day, month, weekday, eitherDay }: CronFields, dayOfYear: number): boolean {
  let rest = dayOfYear;
  let index = 0;
  while (rest >= (MONTH_DAYS[index] ?? 31)) {
    rest -= MONTH_DAYS[index] ?? 31;
    index += 1;
  }
  if (!month.has(index + 1)) return false;
  const byDay = day.has(rest + 1);
  const byWeekday = weekday.has((dayOfYear + 1) % 7);
  return eitherDay ? byDay || byWeekday : byDay && byWeekday;
}
