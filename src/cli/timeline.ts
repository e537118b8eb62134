/** An episode as lines for people: what broke, what was done, what users felt and monitoring showed. */

import { type SignalName, signalForms } from '../cluster/index.ts';
import type { ContestEnvironment, ControlHappening, Verdict } from '../environment/index.ts';
import { obstacleText } from '../faults/index.ts';
import { type MovedSignal, Timeline, type TimelineEntry, type UsersEntry } from '../replay/index.ts';
import type { Output } from './output.ts';

/** Prints the story of the environment's coming episodes as it happens; with --json it is kept for the document instead. */
export function printTimeline(environment: ContestEnvironment, output: Output): Timeline {
  return new Timeline(environment, { onEntry: (entry) => output.line(timelineLine(entry)), keep: output.json });
}

/** One entry of a story as a line. */
export function timelineLine(entry: TimelineEntry): string {
  const [label, text] = describe(entry);
  return `${entry.timeSeconds.toFixed(0).padStart(6)} s  ${label.padEnd(9)}${text}`;
}

/** The story as a part of the document of a command, where it was asked for. */
export function timelinePart(timeline: Timeline | undefined): { readonly timeline?: readonly TimelineEntry[] } {
  return timeline === undefined ? {} : { timeline: timeline.entries };
}

/** What happened, without when and what sort of happening it is. */
export function entryText(entry: TimelineEntry): string {
  return describe(entry)[1];
}

/** The sort of happening, and what happened. */
function describe(entry: TimelineEntry): readonly [label: string, text: string] {
  switch (entry.kind) {
    case 'faultStarted':
      return ['fault', `${entry.verb} on ${entry.component}`];
    case 'faultEnded':
      return ['fault', `${entry.verb} on ${entry.component} ${entry.cured ? 'is cured' : 'is over'}`];
    case 'faultSkipped':
      return ['fault', `${entry.verb} on ${entry.component} left out: ${obstacleText(entry.why)}`];
    case 'repairStarted':
      return ['repair', `${entry.verb} on ${entry.component}`];
    case 'repairFinished':
      return ['repair', `${entry.verb} on ${entry.component} ${entry.succeeded ? 'done' : 'FAILED'}`];
    case 'objectiveBroken':
      return ['users', `objectives broken (loss ${percent(entry.loss)})`];
    case 'objectiveRestored':
      return ['users', `objectives restored after ${entry.brokenSeconds.toFixed(0)} s`];
    case 'users':
      return ['users', usersText(entry)];
    case 'signals':
      return ['signals', `${entry.component}: ${entry.signals.map(signalText).join(', ')}`];
    default:
      return ['cluster', controlText(entry)];
  }
}

function usersText({
  workload,
  goodPerSecond,
  offeredPerSecond,
  shedPerSecond,
  latencyP99Seconds,
}: UsersEntry): string {
  const served = `${rate(goodPerSecond)} of ${rate(offeredPerSecond)}/s served`;
  const p99 = latencyP99Seconds === null ? 'no answers' : `p99 ${time(latencyP99Seconds)}`;
  const shed = shedPerSecond > 0 ? `, ${rate(shedPerSecond)}/s refused on purpose` : '';
  return `${workload}: ${served}, ${p99}${shed}`;
}

function controlText(happening: ControlHappening): string {
  const { kind, component, nodes = [], count = 0, writesLost = 0 } = happening;
  const replicas = replicasText(happening);
  const where = [...new Set(nodes)].join(', ');
  switch (kind) {
    case 'nodeLost':
      return `${component} counts as lost: no heartbeat`;
    case 'nodeBack':
      return `${component} is heard again`;
    case 'replicaCrashed':
      return `${replicas} crashed on ${where}, restarted after a back-off`;
    case 'replicaRestarted':
      return `${replicas} restarting on ${where}`;
    case 'replicaMoved':
      return `${replicas} moved to ${where}`;
    case 'replicaLost':
      return `${replicas} gone with ${where}`;
    case 'replicaPending':
      return `${replicas} waiting for a machine with room`;
    case 'replicaAdded':
      return `${replicas} added on ${where}`;
    case 'replicaRemoved':
      return `${replicas} removed`;
    case 'replicaReady':
      return `${replicas} ready`;
    case 'replicaNotReady':
      return `${replicas} not ready: taken out of load balancing`;
    case 'leaderLost':
      return `${component} has no leader`;
    case 'leaderElected':
      return `${replicas} now leads, ${writesLost.toFixed(0)} acknowledged writes lost`;
    case 'leaderBack':
      return `${component} has its leader back`;
    case 'breakerOpened':
      return `breaker open: ${component} stops calling ${happening.peer} (${counted(count, 'replica')})`;
    case 'breakerTrying':
      return `breaker half open: ${component} tries ${happening.peer} (${counted(count, 'replica')})`;
    case 'breakerClosed':
      return `breaker closed: ${component} calls ${happening.peer} again`;
    case 'diskOverWatermark':
      return `${component} over its watermark: writes fail`;
    case 'diskBelowWatermark':
      return `${component} below its watermark: writes work`;
  }
}

function replicasText({ component, replicas = [] }: ControlHappening): string {
  return `${component} ${replicas.length === 1 ? 'replica' : 'replicas'} ${replicas.join(', ')}`;
}

const signalWords: Partial<Record<SignalName, string>> = {
  requestRate: 'rate',
  errorRatio: 'errors',
  retryRatio: 'retries',
  latencyP99: 'p99',
  replicaSpread: 'worst replica',
  roundTrip: 'round trip',
  foreignShare: 'foreign traffic',
  diskUsed: 'used',
  diskAwait: 'await',
  diskErrors: 'errors',
  replicationLag: 'lag',
};

/** For instance `errors 0 -> 12 %`. */
function signalText({ signal, from, to }: MovedSignal): string {
  const { unit } = signalForms[signal];
  const name = signalWords[signal] ?? signal;
  if (unit === 's') return `${name} ${time(from)} -> ${time(to)}`;
  if (unit === '1/s') return `${name} ${rate(from)} -> ${rate(to)}/s`;
  // In times of its workers, not a share that ends at 100 %.
  if (signal === 'saturation') return `${name} ${from.toFixed(1)} -> ${to.toFixed(1)}`;
  return `${name} ${(100 * from).toFixed(0)} -> ${percent(to)}`;
}

function rate(perSecond: number): string {
  return perSecond.toFixed(perSecond < 9.95 ? 1 : 0);
}

function time(seconds: number): string {
  if (seconds < 0.0995) return `${(1000 * seconds).toFixed(seconds < 0.00995 ? 1 : 0)} ms`;
  return `${seconds.toFixed(seconds < 9.95 ? 2 : 0)} s`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(0)} %`;
}

/** The verdict in a few lines. */
export function verdictText(verdict: Verdict): string {
  const { stillBroken, availability, brokenSeconds, faults, repairs, repairsFailed, repairCost } = verdict;
  const lines = [
    `${headline(verdict)}: availability ${(100 * availability).toFixed(2)} %, objectives broken for ${brokenSeconds.toFixed(0)} s`,
    `  ${counted(faults, 'fault')}; ${counted(repairs, 'repair')}, ${repairsFailed} of them failed, cost ${repairCost.toFixed(1)}`,
    ...stillBroken.map((reason) => `  still broken: ${reason}`),
  ];
  return lines.join('\n');
}

function headline({ repaired, quiet }: Verdict): string {
  if (quiet) return repaired ? 'Quiet, nothing broken' : 'Quiet, yet broken';
  return repaired ? 'Repaired' : 'NOT repaired';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
