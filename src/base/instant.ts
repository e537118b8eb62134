/** Moments as RFC 3339 writes them, to and from milliseconds since 1970: by hand, where the clock's own type is banned. */

const PATTERN = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
const DAY_MILLIS = 86_400_000;

/** Milliseconds since 1970-01-01T00:00:00Z; undefined where the text is no moment. */
export function parseInstant(text: string | undefined): number | undefined {
  const match = PATTERN.exec(text ?? '');
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const fraction = Number(match[7] ?? 0);
  const millis = daysSince1970(year, month, day) * DAY_MILLIS + ((hour * 60 + minute) * 60 + second + fraction) * 1000;
  return Math.round(millis - offsetMinutes(match[8] ?? 'Z') * 60_000);
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March, so that a leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const monthFromMarch = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return 365 * marchYear + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 1 - DAYS_TO_1970;
}

/** From the first of March of the year 0 to the first of January 1970. */
const DAYS_TO_1970 = 719_468;

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** The moment in UTC with milliseconds, as `2026-11-22T10:21:09.832Z`. */
export function formatInstant(millis: number): string {
  const days = Math.floor(millis / DAY_MILLIS);
  const rest = Math.round(millis - days * DAY_MILLIS);
  const [year, month, day] = dateOf(days);
  const clock = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60];
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return `${date}T${clock.map(two).join(':')}.${String(rest % 1000).padStart(3, '0')}Z`;
}

/** Year, month and day, by the 400 years after which the calendar repeats. */
function dateOf(daysSince: number): readonly [number, number, number] {
  const fromMarch = daysSince + DAYS_TO_1970;
  const era = Math.floor(fromMarch / 146_097);
  const dayOfEra = fromMarch - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return [yearOfEra + 400 * era + (month <= 2 ? 1 : 0), month, day];
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
