/** How much traffic a load generator's own settings ask for. */

/** A rate, and where it comes from. */
export interface FoundRate {
  readonly requestsPerSecond: number;
  readonly source: string;
}

const RATE_NAMES = ['RPS', 'QPS', 'REQUESTS_PER_SECOND', 'TARGET_RPS'];
const USER_NAMES = ['USERS', 'LOCUST_USERS', 'NUM_USERS', 'VUS', 'K6_VUS', 'CONCURRENCY', 'CLIENTS'];

/** Requests per second that one simulated user makes, unless known. */
const REQUESTS_PER_USER = 1;
const RATE_UNKNOWN = 50;

/**
 * The rate by environment and flags, over all replicas. A stated request rate wins; then the number of users, taken as
 * one request per second each (a RATE beside users is how fast users arrive, as in Locust); then a lone RATE.
 */
export function loadGeneratorRate(settings: ReadonlyMap<string, string>, replicas: number): FoundRate {
  const direct = firstNumber(settings, RATE_NAMES);
  if (direct) return { requestsPerSecond: direct.value * replicas, source: `${direct.name}=${direct.value}` };
  const users = firstNumber(settings, USER_NAMES);
  if (users) {
    const source = `${users.name}=${users.value}, taken as ${REQUESTS_PER_USER} request per second each`;
    return { requestsPerSecond: users.value * REQUESTS_PER_USER * replicas, source };
  }
  const rate = firstNumber(settings, ['RATE']);
  if (rate) return { requestsPerSecond: rate.value * replicas, source: `RATE=${rate.value}` };
  return { requestsPerSecond: RATE_UNKNOWN, source: `assumed: it states neither rate nor users` };
}

/** Flags of a command line as settings: `--users 10`, `-rate=50/s` become USERS and RATE. */
export function flagSettings(words: readonly string[]): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const [, flag, attached] = /^--?([a-z][\w-]{0,40})(?:=(.*))?$/i.exec(word) ?? [];
    if (flag === undefined) continue;
    const value = attached ?? words[index + 1] ?? '';
    settings.set(flag.toUpperCase().replaceAll('-', '_'), value);
  }
  return settings;
}

function firstNumber(settings: ReadonlyMap<string, string>, names: readonly string[]) {
  for (const name of names) {
    const value = Number.parseFloat(settings.get(name) ?? '');
    if (Number.isFinite(value) && value > 0 && value <= 1e6) return { name, value };
  }
  return undefined;
}
