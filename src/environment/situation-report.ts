/**
 * A moment of a contest as the documents an order model is asked with: public facts as a topology map, and what
 * monitoring delivered as a signals document, in natural units. What is not public stays out.
 */

import { formatInstant } from '../base/index.ts';
import { componentAt, type SignalName, signalColumn, signalForms, signalNames } from '../cluster/index.ts';
import type { Topology } from '../contract/index.ts';
import { repairVerbs } from '../repairs/index.ts';
import type { Contest } from './contest.ts';
import { changingSignals, isRelative } from './features.ts';
import { signalsOf } from './signal-view.ts';

type Values = Readonly<Record<string, number>>;

/** What replicas used that have since stopped counts for the few that run: shares so far above 1 say nothing more. */
const RATIO_MAX = 10;

/** What is declared about a component, and what is healthy there. */
interface ReportedFacts {
  readonly kind: string;
  readonly needs: readonly string[];
  readonly replicas?: number;
  readonly replicasMax?: number;
  readonly stateful?: boolean;
  readonly entry?: boolean;
  readonly callersRetry?: boolean;
  readonly healthy?: Values;
}

interface ReportedComponent {
  readonly at: string;
  readonly missing?: boolean;
  readonly signals: Values;
  readonly before: Values;
  readonly repairs?: readonly ReportedRepair[];
}

interface ReportedRepair {
  readonly verb: string;
  readonly startedAt: string;
  readonly inProgress?: boolean;
  readonly endedAt?: string;
  readonly outcome?: 'succeeded' | 'failed';
}

interface ReportedObjective {
  readonly successRatio: number;
  readonly latencyP99: number;
}

/** A topology map and a signals document. */
export interface SituationReport {
  readonly topology: {
    readonly format: 'deepl-ops-topology';
    readonly version: 1;
    readonly name: string;
    readonly objective?: ReportedObjective;
    readonly components: Readonly<Record<string, ReportedFacts>>;
  };
  readonly signals: {
    readonly format: 'deepl-ops-signals';
    readonly version: 1;
    readonly at: string;
    readonly users: readonly (ReportedObjective & {
      readonly workload: string;
      readonly shedRatio: number;
      readonly objective: ReportedObjective;
    })[];
    readonly repairs: { readonly budgetSpent: number };
    readonly components: Readonly<Record<string, ReportedComponent>>;
  };
}

/** Reports the present moment; simulated time is counted from `beganMillis`. */
export function reportSituation(
  contest: Contest,
  options: { readonly topology: Topology; readonly beganMillis: number },
): SituationReport {
  const { scenario, cluster } = contest;
  const { components } = options.topology;
  const names = components.map(({ name }) => name);
  const byName = <T>(tell: (component: number) => T): Record<string, T> =>
    Object.fromEntries(names.map((name, component) => [name, tell(component)]));
  const format = (micros: number): string => formatInstant(options.beganMillis + micros / 1000);
  const [objective] = scenario.objectives;
  return {
    topology: {
      format: 'deepl-ops-topology',
      version: 1,
      name: scenario.name,
      ...(objective === undefined ? {} : { objective: objectiveOf(objective) }),
      components: byName((component) => factsOf(contest, component, options.topology)),
    },
    signals: {
      format: 'deepl-ops-signals',
      version: 1,
      at: format(cluster.nowMicros),
      users: usersOf(contest),
      repairs: { budgetSpent: budgetSpent(contest) },
      components: byName((component) => componentOf(contest, component, format)),
    },
  };
}

function factsOf({ cluster, signals }: Contest, component: number, topology: Topology): ReportedFacts {
  const { kind, index } = componentAt(cluster.topology, component);
  const needs = (topology.dependencies[component] ?? []).map((id) => topology.components[id]?.name ?? '');
  const relative = signalsOf[kind].filter(isRelative);
  const healthy = Object.fromEntries(relative.map((name) => [name, signals.healthy(component, name)]));
  if (kind !== 'service') return { kind, needs, healthy };
  const { spec } = cluster;
  const { replicas, replicasMax, storage } = spec.services[index]!;
  const entry = spec.workloads.some(({ service }) => service === index);
  const callersRetry = spec.calls.some(({ callee, retriesMax }) => callee === index && retriesMax > 0);
  return { kind, needs, replicas, replicasMax, stateful: storage !== null, entry, callersRetry, healthy };
}

function componentOf(contest: Contest, component: number, format: (micros: number) => string): ReportedComponent {
  const { monitoring, topology } = contest.cluster;
  const { kind } = componentAt(topology, component);
  const values = (from: Float64Array, names: readonly SignalName[]): Values =>
    Object.fromEntries(
      names.map((name) => {
        const value = from[component * signalNames.length + signalColumn[name]]!;
        return [name, signalForms[name].unit === 'ratio' ? Math.min(RATIO_MAX, value) : value];
      }),
    );
  const changing = signalsOf[kind].filter((name) => changingSignals.includes(name));
  const repairs = repairsOf(contest, component, format);
  return {
    at: format(monitoring.freshness.sampledMicros[component]!),
    ...(monitoring.freshness.missing[component] === 1 ? { missing: true } : {}),
    signals: values(monitoring.delivered, signalsOf[kind]),
    before: values(monitoring.previous, changing),
    ...(repairs.length > 0 ? { repairs } : {}),
  };
}

/** The last start of every verb; of the last one of all, how it went. */
function repairsOf({ repairs }: Contest, component: number, format: (micros: number) => string): ReportedRepair[] {
  const last = repairs.lastVerb(component);
  const outcome = repairs.lastOutcome(component);
  return repairVerbs.flatMap(({ name }, verb): ReportedRepair[] => {
    const started = repairs.verbStartedMicros({ component, verb });
    if (!Number.isFinite(started)) return [];
    const record = { verb: name, startedAt: format(started) };
    if (verb !== last) return [record];
    if (outcome === 'none') return [{ ...record, inProgress: repairs.inProgress(component) }];
    return [{ ...record, endedAt: format(repairs.lastEndedMicros(component)), outcome }];
  });
}

function usersOf({ scenario, cluster }: Contest): SituationReport['signals']['users'] {
  const { doors } = cluster.monitoring;
  return scenario.objectives.map((objective) => ({
    workload: cluster.spec.workloads[objective.workload]!.name,
    successRatio: doors.successRatio[objective.workload]!,
    latencyP99: doors.latencyP99[objective.workload]!,
    shedRatio: doors.shedRatio[objective.workload]!,
    objective: objectiveOf(objective),
  }));
}

function objectiveOf(objective: { successRatioMin: number; latencyP99SecondsMax: number }): ReportedObjective {
  return { successRatio: objective.successRatioMin, latencyP99: objective.latencyP99SecondsMax };
}

function budgetSpent({ scenario, repairs }: Contest): number {
  const { repairBudget } = scenario.contest;
  return repairBudget > 0 ? Math.min(1, repairs.spent / repairBudget) : 1;
}
