/** Faults of a script with everything stated that other tools need: parameters, replicas and an end. */
import { assert } from '../../base/index.ts';
import { faultKinds } from '../../faults/index.ts';
import type { Scenario, ScriptedFault } from '../scenario.ts';

/** A fault, ready to be said in another tool's words. */
export interface ExportedFault {
  readonly fault: string;
  readonly target: string;
  readonly peer: string | null;
  readonly direction: ScriptedFault['direction'];
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** It would last until it is repaired; here, to the end of the episode. */
  readonly isUntilRepaired: boolean;
  readonly mode: NonNullable<ScriptedFault['mode']>;
  readonly value: number | null;
  /** All of them, those of the severity included, but for the number of replicas. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** A script's faults in order of start. */
export function exportedFaults(scenario: Scenario, script: readonly ScriptedFault[]): ExportedFault[] {
  return script.map((fault) => exportedFault(scenario, fault)).sort((a, b) => a.startSeconds - b.startSeconds);
}

/** A parameter that the fault has. */
export function parameterOf({ fault, parameters }: ExportedFault, name: string): number {
  const value = parameters[name];
  assert(value !== undefined, `${fault} has a parameter ${name}`);
  return value;
}

function exportedFault(scenario: Scenario, scripted: ScriptedFault): ExportedFault {
  const { fault, target, peer, direction, startSeconds } = scripted;
  const severity = faultKinds
    .find((kind) => kind.name === fault)
    ?.severities.find(({ name }) => name === scripted.severity);
  assert(severity !== undefined, `there is a fault ${fault} of severity ${scripted.severity}`);
  const { replicasMax, ...parameters }: Record<string, number> = { ...severity.parameters, ...scripted.parameters };
  const own = scripted.durationSeconds ?? severity.durationSeconds;
  const { contestSeconds, recoverySeconds } = scenario.contest;
  const toTheEnd = Math.max(1, contestSeconds + recoverySeconds - startSeconds);
  return {
    fault,
    target,
    peer,
    direction,
    startSeconds,
    durationSeconds: own ?? toTheEnd,
    isUntilRepaired: own === null,
    ...replicasOf(scenario, scripted, replicasMax ?? 1),
    parameters,
  };
}

/** Without a mode: as many as the severity says, within the share that chaos may touch. */
function replicasOf(
  { cluster, contest }: Scenario,
  { mode, value, target }: ScriptedFault,
  replicasMax: number,
): Pick<ExportedFault, 'mode' | 'value'> {
  if (mode !== null) return { mode, value };
  const replicas = cluster.services.find(({ name }) => name === target)?.replicas ?? 1;
  const allowed = Math.max(1, Math.floor(contest.replicaShareMax * replicas + 1e-9));
  const count = Math.min(replicasMax, allowed);
  if (count >= replicas) return { mode: 'all', value: null };
  return count === 1 ? { mode: 'one', value: null } : { mode: 'fixed', value: count };
}
