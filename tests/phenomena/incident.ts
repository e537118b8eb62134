/** Plays one of the phenomena with stated repairs and keeps what users got, what monitoring showed and what happened. */
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { type SignalName, signalColumn, signalNames } from '../../src/cluster/index.ts';
import {
  type ContestEnvironment,
  createEnvironment,
  type EngineName,
  type Verdict,
} from '../../src/environment/index.ts';
import { findPolicy } from '../../src/policies/index.ts';
import {
  createPlannedRepairs,
  parsePlannedRepair,
  playEpisode,
  Timeline,
  type TimelineEntry,
} from '../../src/replay/index.ts';
import { readScenario, type Scenario } from '../../src/scenario/index.ts';

/** After the end of every phenomenon, in seconds. */
export const END = 900;

export interface IncidentOptions {
  readonly engine?: EngineName;
  readonly seed?: number;
  /** For instance `service.restart on cart at 2m`. */
  readonly repairs?: readonly string[];
  /** What is otherwise than in the file. */
  readonly change?: (scenario: Scenario) => Scenario;
}

/** One step of an episode. */
interface Sample {
  readonly timeSeconds: number;
  readonly offered: number;
  readonly good: number;
  readonly answered: number;
  readonly latencyP99Sum: number;
  readonly signals: Float64Array;
}

/** How an episode went. Windows are in seconds since the contest began, ends of steps in (from, to]. */
export class Incident {
  readonly verdict: Verdict;
  readonly entries: readonly TimelineEntry[];
  readonly #samples: readonly Sample[];
  readonly #names: readonly string[];

  constructor(
    verdict: Verdict,
    entries: readonly TimelineEntry[],
    samples: readonly Sample[],
    names: readonly string[],
  ) {
    this.verdict = verdict;
    this.entries = entries;
    this.#samples = samples;
    this.#names = names;
  }

  /** Share of users' requests that were answered rightly and in time. */
  served(from: number, to: number): number {
    return this.#sum('good', from, to) / this.#sum('offered', from, to);
  }

  /** Mean p99 of users' answers. */
  latencyP99(from: number, to: number): number {
    return this.#sum('latencyP99Sum', from, to) / this.#sum('answered', from, to);
  }

  /** Mean of a signal as delivered. */
  mean(signal: SignalName, component: string, from: number, to: number): number {
    const values = this.#values(signal, component, from, to);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  /** Largest value of a signal as delivered. */
  max(signal: SignalName, component: string, from: number, to: number): number {
    return Math.max(...this.#values(signal, component, from, to));
  }

  /** Times at which something happened, to a component or at all. */
  times(kind: TimelineEntry['kind'], component?: string): number[] {
    const matching = this.entries.filter(
      (entry) =>
        entry.kind === kind && (component === undefined || ('component' in entry && entry.component === component)),
    );
    return matching.map(({ timeSeconds }) => timeSeconds);
  }

  #sum(column: 'offered' | 'good' | 'answered' | 'latencyP99Sum', from: number, to: number): number {
    return this.#window(from, to).reduce((sum, sample) => sum + sample[column], 0);
  }

  #values(signal: SignalName, component: string, from: number, to: number): number[] {
    const cell = this.#names.indexOf(component) * signalNames.length + signalColumn[signal];
    return this.#window(from, to).map(({ signals }) => signals[cell]!);
  }

  #window(from: number, to: number): Sample[] {
    return this.#samples.filter(({ timeSeconds }) => timeSeconds > from && timeSeconds <= to);
  }
}

/** A scenario of scenarios/phenomena. */
export function phenomenon(name: string): Scenario {
  return readScenario(fileURLToPath(new URL(`../../scenarios/phenomena/${name}.yaml`, import.meta.url)));
}

const environments = new Map<string, ContestEnvironment>();

/** One environment per phenomenon and engine serves all its episodes; a changed scenario needs its own. */
function environmentFor(name: string, engine: EngineName, change: IncidentOptions['change']): ContestEnvironment {
  if (change) return createEnvironment(change(phenomenon(name)), { engine, script: true });
  const key = `${name} ${engine}`;
  const environment = environments.get(key) ?? createEnvironment(phenomenon(name), { engine, script: true });
  environments.set(key, environment);
  return environment;
}

/** For variants and further wrong repairs: played on flow only, which costs a fraction. */
export function onFlow(engine: EngineName): ReturnType<typeof test.runIf> {
  return test.runIf(engine === 'flow');
}

const incidents = new Map<string, Incident>();

/** Plays a phenomenon to its end; the same incident is played once only. */
export function play(name: string, options: IncidentOptions = {}): Incident {
  const { engine = 'flow', seed = 1, repairs = [], change } = options;
  const environment = environmentFor(name, engine, change);
  if (change) return playOn(environment, seed, repairs);
  const key = [name, engine, seed, ...repairs].join('; ');
  const incident = incidents.get(key) ?? playOn(environment, seed, repairs);
  incidents.set(key, incident);
  return incident;
}

function playOn(environment: ContestEnvironment, seed: number, repairs: readonly string[]): Incident {
  const timeline = new Timeline(environment);
  const samples: Sample[] = [];
  const { workloads } = environment.cluster.meters;
  const columns = ['offered', 'good', 'answered', 'latencyP99Sum'] as const;
  const totals = () => columns.map((column) => workloads[column].reduce((sum, value) => sum + value, 0));
  let before: number[] = [];
  environment.events.on('episodeBegan', () => {
    before = totals();
  });
  environment.events.on('stepTaken', ({ timeSeconds }) => {
    const now = totals();
    const [offered = 0, good = 0, answered = 0, latencyP99Sum = 0] = now.map((value, index) => value - before[index]!);
    before = now;
    const signals = environment.cluster.monitoring.delivered.slice();
    samples.push({ timeSeconds, offered, good, answered, latencyP99Sum, signals });
  });
  const order = createPlannedRepairs(environment, repairs.map(parsePlannedRepair));
  const episode = playEpisode({ environment, policies: { chaos: findPolicy('none')!.make({}), order }, seed });
  for (;;) {
    const next = episode.next();
    if (!next.done) continue;
    environment.events.removeAllListeners();
    const names = environment.topology.components.map(({ name }) => name);
    return new Incident(next.value, timeline.entries, samples, names);
  }
}

/** Changes every call of a scenario. */
export function withCalls(scenario: Scenario, changes: Partial<Scenario['cluster']['calls'][number]>): Scenario {
  const { cluster } = scenario;
  return { ...scenario, cluster: { ...cluster, calls: cluster.calls.map((call) => ({ ...call, ...changes })) } };
}

/** Changes one service of a scenario. */
export function withService(
  scenario: Scenario,
  name: string,
  changes: Partial<Scenario['cluster']['services'][number]>,
): Scenario {
  const { cluster } = scenario;
  const services = cluster.services.map((service) => (service.name === name ? { ...service, ...changes } : service));
  return { ...scenario, cluster: { ...cluster, services } };
}

/** The same system with nothing done to it. */
export function withoutFaults(scenario: Scenario): Scenario {
  return { ...scenario, script: [] };
}
