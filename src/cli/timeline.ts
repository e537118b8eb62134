/** An episode as lines for people: what broke, what was done, what users felt. */

import type { ContestEnvironment, Verdict } from '../environment/index.ts';

/** Prints each event of the environment's coming episodes through `print`. */
export function printTimeline({ events }: ContestEnvironment, print: (line: string) => void): void {
  const at = (timeSeconds: number, what: string): void => print(`${timeSeconds.toFixed(0).padStart(6)} s  ${what}`);
  events.on('faultStarted', ({ timeSeconds, verb, component }) => at(timeSeconds, `fault    ${verb} on ${component}`));
  events.on('faultEnded', ({ timeSeconds, verb, component }) =>
    at(timeSeconds, `fault    ${verb} on ${component} is over`),
  );
  events.on('faultSkipped', ({ timeSeconds, verb, component }) =>
    at(timeSeconds, `fault    ${verb} on ${component} left out: it would do nothing, or what no repair can undo`),
  );
  events.on('repairStarted', ({ timeSeconds, verb, component }) => at(timeSeconds, `repair   ${verb} on ${component}`));
  events.on('repairFinished', ({ timeSeconds, verb, component, succeeded }) =>
    at(timeSeconds, `repair   ${verb} on ${component} ${succeeded ? 'done' : 'FAILED'}`),
  );
  events.on('objectiveBroken', ({ timeSeconds, loss }) =>
    at(timeSeconds, `users    objectives broken (loss ${(100 * loss).toFixed(0)} %)`),
  );
  events.on('objectiveRestored', ({ timeSeconds, brokenSeconds }) =>
    at(timeSeconds, `users    objectives restored after ${brokenSeconds.toFixed(0)} s`),
  );
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
