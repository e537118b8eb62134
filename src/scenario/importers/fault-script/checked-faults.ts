/** Completes imported faults and holds them against the catalogue and the scenario: what it would refuse is listed. */
import { DeeplOpsError } from '../../../base/index.ts';
import { faultKinds } from '../../../faults/index.ts';
import { checkScriptedFault } from '../../fault-check.ts';
import type { BaseSystem } from './base-system.ts';
import type { FaultTimeline, PlacedFault } from './fault-draft.ts';

/** A fault that a script can hold. */
export interface CompleteFault extends PlacedFault {
  readonly severity: string;
}

/** Those that the scenario takes, in order of start, and the reasons against the others. */
export function checkedFaults(
  { faults, refused }: FaultTimeline,
  base: BaseSystem,
): { readonly faults: readonly CompleteFault[]; readonly refused: readonly string[] } {
  const complete: CompleteFault[] = [];
  const against: string[] = [...refused];
  for (const fault of faults) {
    const whole = completed(fault);
    const problem = problemOf(whole, base);
    if (problem === undefined) complete.push(whole);
    else against.push(`${fault.source}: ${problem}`);
  }
  complete.sort((a, b) => a.startSeconds - b.startSeconds);
  return { faults: complete, refused: [...new Set(against)] };
}

/** Digits that survive the way through another tool's units. */
const DIGITS = 12;

function completed(fault: PlacedFault): CompleteFault {
  const entries = Object.entries(fault.parameters ?? {}).map(([name, value]) => [name, rounded(value)] as const);
  const parameters = Object.fromEntries(entries);
  return {
    ...fault,
    severity: fault.severity ?? nearestSeverity(fault.fault, parameters),
    ...(entries.length > 0 ? { parameters } : {}),
    startSeconds: rounded(fault.startSeconds),
    durationSeconds: fault.durationSeconds === null ? null : rounded(fault.durationSeconds),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** The severity whose parameters are nearer by their ratio, which decides nothing but the price. */
function nearestSeverity(name: string, parameters: Readonly<Record<string, number>>): string {
  const severities = faultKinds.find((kind) => kind.name === name)?.severities ?? [];
  const distances = severities.map((severity) => {
    const known: Readonly<Record<string, number>> = severity.parameters;
    return Object.entries(parameters).reduce((sum, [key, value]) => sum + apart(value, known[key] ?? value), 0);
  });
  const nearest = distances.indexOf(Math.min(...distances));
  return severities[Math.max(0, nearest)]?.name ?? 'mild';
}

/** 0 = equal, towards 1 = nothing in common. */
function apart(a: number, b: number): number {
  const larger = Math.max(Math.abs(a), Math.abs(b));
  return larger === 0 || !Number.isFinite(larger) ? 0 : Math.abs(a - b) / larger;
}

function problemOf(fault: CompleteFault, base: BaseSystem): string | undefined {
  try {
    checkScriptedFault(fault, [], { cluster: base.cluster, topology: base.topology, locate: () => ({}) });
    return undefined;
  } catch (error) {
    if (error instanceof DeeplOpsError) return error.message;
    throw error;
  }
}
