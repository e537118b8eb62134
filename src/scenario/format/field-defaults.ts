/** The default of every field that has one, by the section it stands in. */
import {
  DEFAULT_BREAKER,
  DEFAULT_CACHE,
  DEFAULT_CALL,
  DEFAULT_CONTEST,
  DEFAULT_CONTROL,
  DEFAULT_MONITORING,
  DEFAULT_NETWORK,
  DEFAULT_NODE,
  DEFAULT_OBJECTIVE,
  DEFAULT_PROBE,
  DEFAULT_SERVICE,
  DEFAULT_STORAGE,
  DEFAULT_TICK,
  DEFAULT_WORKLOAD,
} from '../defaults.ts';

const defaults: Readonly<Record<string, object>> = {
  scenario: { formatVersion: 1, tick: DEFAULT_TICK },
  node: DEFAULT_NODE,
  network: DEFAULT_NETWORK,
  service: DEFAULT_SERVICE,
  'service.cpu': DEFAULT_SERVICE.cpu,
  'service.memory': DEFAULT_SERVICE.memory,
  'service.warmUp': DEFAULT_SERVICE.warmUp,
  probe: DEFAULT_PROBE,
  storage: DEFAULT_STORAGE,
  call: DEFAULT_CALL,
  breaker: DEFAULT_BREAKER,
  cache: DEFAULT_CACHE,
  workload: DEFAULT_WORKLOAD,
  objective: DEFAULT_OBJECTIVE,
  contest: DEFAULT_CONTEST,
  'contest.decision': DEFAULT_CONTEST.decision,
  'contest.rewards': DEFAULT_CONTEST.rewards,
  control: DEFAULT_CONTROL,
  monitoring: DEFAULT_MONITORING,
};

/** The default as a file would write it; undefined = none, or one for each field of the field. */
export function defaultOf(section: string, field: string): string | number | boolean | undefined {
  const value: unknown = Reflect.get(defaults[section] ?? {}, field);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
