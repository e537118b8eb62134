/** The journal of a run in Chaos Toolkit's form: an experiment, what its hypothesis found, and each activity's outcome. */

import { SIMULATOR_MODULE, START_FAULT } from '../../importers/chaos-toolkit/drivers/simulator.ts';
import type { Objective, Scenario, ScriptedFault } from '../../scenario.ts';

/** A fault or a repair in the run. */
export interface JournalAction {
  readonly sort: 'fault' | 'repair';
  readonly name: string;
  /** What the action was told. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly succeeded: boolean;
  readonly output: string | null;
}

/** What the users of a workload got. */
interface JournalService {
  readonly workload: string;
  readonly successRatio: number;
  readonly latencyP99Seconds: number | null;
}

/** A run, as a journal tells it; times in seconds since the beginning of the contest. */
export interface JournalRun {
  readonly scenario: Scenario;
  readonly actions: readonly JournalAction[];
  readonly before: readonly JournalService[];
  readonly after: readonly JournalService[];
  readonly endSeconds: number;
  /** Whether the episode came to its natural end. */
  readonly isComplete: boolean;
  /** What else there is to know, under our own name. */
  readonly extension: Readonly<Record<string, unknown>>;
  /** A moment of the run as a date (RFC 3339, UTC). */
  readonly dateAt: (seconds: number) => string;
}

/** The journal, as JSON. */
export function chaosJournal(run: JournalRun): object {
  const method = run.actions.map((action, index) => activityOf(action, run.actions[index - 1]));
  const hypothesis = { title: `${run.scenario.name} serves its users`, probes: probesOf(run.scenario) };
  const before = outcomesOf(run, run.before, 0);
  const after = run.isComplete ? outcomesOf(run, run.after, run.endSeconds) : null;
  return {
    platform: 'DeepL-Ops simulator',
    node: run.scenario.name,
    experiment: {
      version: '1.0.0',
      title: `A contest on ${run.scenario.name}`,
      description: run.scenario.description || `Faults and repairs on ${run.scenario.name}, simulated.`,
      tags: ['deepl-ops', 'simulated'],
      'steady-state-hypothesis': hypothesis,
      method,
      rollbacks: [],
      extensions: [{ name: 'deepl-ops', ...run.extension }],
    },
    start: run.dateAt(0),
    status: run.isComplete ? 'completed' : 'interrupted',
    deviated: after !== null && !after.steady_state_met,
    steady_states: { before, after, during: [] },
    run: run.actions.map((action, index) => runEntry(action, method[index] ?? {}, run)),
    rollbacks: [],
    end: run.dateAt(run.endSeconds),
    duration: run.endSeconds,
  };
}

/** What a scripted fault is told, under the names that scripts have. */
export function faultArguments(fault: ScriptedFault): Record<string, unknown> {
  const { startSeconds: _, durationSeconds, parameters, ...rest } = fault;
  const stated = Object.entries(rest).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(stated),
    ...(durationSeconds === null ? {} : { duration: durationSeconds }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
  };
}

/** One begins when it did after the one before; none waits for the other to be over. */
function activityOf(action: JournalAction, before: JournalAction | undefined): object {
  const wait = action.startSeconds - (before?.startSeconds ?? 0);
  return {
    type: 'action',
    name: action.name,
    background: true,
    provider: {
      type: 'python',
      module: SIMULATOR_MODULE,
      func: action.sort === 'fault' ? START_FAULT : 'start_repair',
      arguments: action.arguments,
    },
    ...(wait > 0 ? { pauses: { before: wait } } : {}),
  };
}

function runEntry(action: JournalAction, activity: object, { dateAt }: JournalRun): object {
  const { startSeconds, endSeconds, succeeded, output } = action;
  return {
    activity,
    output,
    start: dateAt(startSeconds),
    status: succeeded ? 'succeeded' : 'failed',
    end: dateAt(endSeconds),
    duration: endSeconds - startSeconds,
  };
}

/** Two per objective. */
function probesOf({ objectives, cluster }: Scenario) {
  return objectives.flatMap((objective) => {
    const workload = cluster.workloads[objective.workload]?.name ?? '';
    return [
      probe(`success ratio of ${workload}`, 'success_ratio', workload, [objective.successRatioMin, 1]),
      probe(`p99 latency of ${workload}, s`, 'latency_p99_seconds', workload, [0, objective.latencyP99SecondsMax]),
    ];
  });
}

function probe(name: string, func: string, workload: string, range: readonly [number, number]) {
  return {
    type: 'probe',
    name,
    tolerance: { type: 'range', range },
    provider: { type: 'python', module: SIMULATOR_MODULE, func, arguments: { workload } },
  };
}

function outcomesOf(run: JournalRun, services: readonly JournalService[], seconds: number) {
  const { objectives, cluster } = run.scenario;
  const results = objectives.flatMap((objective) => {
    const name = cluster.workloads[objective.workload]?.name;
    const service = services.find(({ workload }) => workload === name);
    return service === undefined ? [] : measured(objective, service);
  });
  const probes = probesOf(run.scenario).map((activity, index) => {
    const { met = false, output = null } = results[index] ?? {};
    const at = run.dateAt(seconds);
    return { activity, output, status: 'succeeded', start: at, end: at, duration: 0, tolerance_met: met };
  });
  return { steady_state_met: probes.every((each) => each.tolerance_met), probes };
}

/** In the order of the probes. */
function measured({ successRatioMin, latencyP99SecondsMax }: Objective, service: JournalService) {
  const { successRatio, latencyP99Seconds } = service;
  return [
    { met: successRatio >= successRatioMin, output: String(successRatio) },
    {
      met: latencyP99Seconds !== null && latencyP99Seconds <= latencyP99SecondsMax,
      output: latencyP99Seconds === null ? null : String(latencyP99Seconds),
    },
  ];
}
