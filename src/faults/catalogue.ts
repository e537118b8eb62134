/** Every fault there is; a new one is a new file and a new line here. */

import type { ComponentKind } from '../cluster/index.ts';
import { diskCorrupt } from './disk-corrupt.ts';
import { diskErrors } from './disk-errors.ts';
import { diskFill } from './disk-fill.ts';
import { diskLatency } from './disk-latency.ts';
import { diskLost } from './disk-lost.ts';
import { diskPause } from './disk-pause.ts';
import { diskReadOnly } from './disk-read-only.ts';
import { diskSlow } from './disk-slow.ts';
import { diskStress } from './disk-stress.ts';
import type { FaultKind, Severity } from './fault-kind.ts';
import { linkBandwidth } from './link-bandwidth.ts';
import { linkCorrupt } from './link-corrupt.ts';
import { linkDelay } from './link-delay.ts';
import { linkDuplicate } from './link-duplicate.ts';
import { linkFlood } from './link-flood.ts';
import { linkLoss } from './link-loss.ts';
import { linkPartition } from './link-partition.ts';
import { linkReorder } from './link-reorder.ts';
import { nodeClockSkew } from './node-clock-skew.ts';
import { nodeCpuStress } from './node-cpu-stress.ts';
import { nodeDown } from './node-down.ts';
import { nodeDrain } from './node-drain.ts';
import { serviceBadRelease } from './service-bad-release.ts';
import { serviceCpuStress } from './service-cpu-stress.ts';
import { serviceCut } from './service-cut.ts';
import { serviceDelay } from './service-delay.ts';
import { serviceDnsError } from './service-dns-error.ts';
import { serviceDnsSpoof } from './service-dns-spoof.ts';
import { serviceErrors } from './service-errors.ts';
import { serviceGcPause } from './service-gc-pause.ts';
import { serviceHang } from './service-hang.ts';
import { serviceKill } from './service-kill.ts';
import { serviceLeak } from './service-leak.ts';
import { serviceLoss } from './service-loss.ts';
import { serviceMemoryStress } from './service-memory-stress.ts';
import { serviceMisconfiguredDependency } from './service-misconfigured-dependency.ts';
import { servicePartition } from './service-partition.ts';
import { serviceQuota } from './service-quota.ts';
import { serviceReset } from './service-reset.ts';
import { serviceRetryStorm } from './service-retry-storm.ts';
import { serviceRpcDelay } from './service-rpc-delay.ts';
import { serviceScaleDown } from './service-scale-down.ts';
import { serviceSlow } from './service-slow.ts';
import { serviceSlowClose } from './service-slow-close.ts';
import { serviceSurge } from './service-surge.ts';

/** All kinds of faults, in the order of their verbs: by target, processes before what surrounds them. */
export const faultKinds: readonly FaultKind[] = [
  serviceKill,
  serviceHang,
  serviceLeak,
  serviceSlow,
  serviceErrors,
  serviceRpcDelay,
  serviceGcPause,
  serviceCpuStress,
  serviceMemoryStress,
  serviceScaleDown,
  servicePartition,
  serviceLoss,
  serviceDelay,
  serviceReset,
  serviceCut,
  serviceSlowClose,
  serviceDnsError,
  serviceDnsSpoof,
  serviceBadRelease,
  serviceMisconfiguredDependency,
  serviceQuota,
  serviceSurge,
  serviceRetryStorm,
  nodeCpuStress,
  nodeClockSkew,
  nodeDown,
  nodeDrain,
  linkPartition,
  linkLoss,
  linkCorrupt,
  linkDelay,
  linkReorder,
  linkDuplicate,
  linkBandwidth,
  linkFlood,
  diskFill,
  diskSlow,
  diskLatency,
  diskStress,
  diskErrors,
  diskCorrupt,
  diskReadOnly,
  diskPause,
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
