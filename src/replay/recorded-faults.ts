/** The faults that chaos chose in a recording, as a fault script. */

import { DeeplOpsError } from '../base/index.ts';
import { clusterTopology } from '../cluster/index.ts';
import { faultVerbIndex } from '../faults/index.ts';
import type { ScriptedFault } from '../scenario/index.ts';
import type { RecordedStep, Recording } from './recording.ts';

/** What chaos chose, and with a scripted episode what the scenario's own script did, in order of start. */
export function recordedFaults({ header, steps }: Recording): ScriptedFault[] {
  const places = new Set(clusterTopology(header.scenario.cluster).componentNames);
  const chosen = steps.flatMap((step, index): ScriptedFault[] => {
    const fault = faultOf(step, places);
    // A choice is made when the step before it has ended.
    return fault === undefined ? [] : [{ ...fault, ...PLAIN, startSeconds: endOf(steps[index - 1]) }];
  });
  const scripted = header.script ? header.scenario.script : [];
  return [...scripted, ...chosen].sort((a, b) => a.startSeconds - b.startSeconds);
}

/** Chaos chooses kind, severity and place; everything else is as the severity has it. */
const PLAIN = {
  durationSeconds: null,
  peer: null,
  direction: 'both',
  mode: null,
  value: null,
  parameters: {},
} as const;

/** `service.kill.severe on cart`; undefined for the no-op. */
function faultOf({ step, actions }: RecordedStep, places: ReadonlySet<string>) {
  const words = actions.chaos;
  if (words === '-') return undefined;
  const at = words.indexOf(' on ');
  const verb = words.slice(0, Math.max(0, at));
  const dot = Math.max(0, verb.lastIndexOf('.'));
  const [fault, severity, target] = [verb.slice(0, dot), verb.slice(dot + 1), words.slice(at + ' on '.length)];
  if (faultVerbIndex(fault, severity) >= 0 && places.has(target)) return { fault, severity, target };
  throw new DeeplOpsError('RECORDING_VERSION', `step ${step}: this program has no fault ${words.slice(0, 120)}`);
}

function endOf(step: RecordedStep | undefined): number {
  if (step === undefined) return 0;
  const { timeSeconds } = step.info;
  if (typeof timeSeconds === 'number') return timeSeconds;
  throw new DeeplOpsError('RECORDING_INVALID', `step ${step.step} does not say when it ended`);
}
