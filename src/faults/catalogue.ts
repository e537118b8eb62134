/** Every fault there is; a new one is a new file and a new line here. */

import type { ComponentKind } from '../cluster/index.ts';
import { diskErrors } from './disk-errors.ts';
import { diskFill } from './disk-fill.ts';
import { diskLost } from './disk-lost.ts';
import { diskSlow } from './disk-slow.ts';
import type { FaultKind, Severity } from './fault-kind.ts';
import { linkDelay } from './link-delay.ts';
import { linkFlood } from './link-flood.ts';
import { linkLoss } from './link-loss.ts';
import { linkPartition } from './link-partition.ts';
import { nodeCpuStress } from './node-cpu-stress.ts';
import { nodeDown } from './node-down.ts';
import { serviceErrors } from './service-errors.ts';
import { serviceHang } from './service-hang.ts';
import { serviceKill } from './service-kill.ts';
import { serviceLeak } from './service-leak.ts';
import { serviceSlow } from './service-slow.ts';

/** All kinds of faults, in the order of their verbs. */
export const faultKinds: readonly FaultKind[] = [
  serviceKill,
  serviceHang,
  serviceLeak,
  serviceSlow,
  serviceErrors,
  nodeCpuStress,
  nodeDown,
  linkPartition,
  linkLoss,
  linkDelay,
  linkFlood,
  diskFill,
  diskSlow,
  diskErrors,
  diskLost,
];

/** A kind of fault at one severity: what chaos chooses. */
export interface FaultVerb {
  /** `kind.severity`, for example `node.down.mild`. */
  readonly name: string;
  readonly target: ComponentKind;
  readonly meaning: string;
  readonly kind: FaultKind;
  readonly kindIndex: number;
  readonly severityIndex: number;
  readonly severity: Severity;
}

/** Every kind at every severity, kinds in order. */
export const faultVerbs: readonly FaultVerb[] = faultKinds.flatMap((kind, kindIndex) =>
  kind.severities.map((severity, severityIndex) => ({
    name: `${kind.name}.${severity.name}`,
    target: kind.target,
    meaning: `${kind.meaning} (${severity.name})`,
    kind,
    kindIndex,
    severityIndex,
    severity,
  })),
);

/** Index into `faultVerbs` of a kind at a severity; -1 = there is none. */
export function faultVerbIndex(fault: string, severity: string): number {
  return faultVerbs.findIndex((verb) => verb.kind.name === fault && verb.severity.name === severity);
}
