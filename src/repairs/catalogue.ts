/** Every repair there is; a new one is a new file and a new line here. */

import type { ComponentKind } from '../cluster/index.ts';
import { diskFreeSpace } from './disk-free-space.ts';
import { diskRemount } from './disk-remount.ts';
import { diskReplace } from './disk-replace.ts';
import { diskRestore } from './disk-restore.ts';
import { linkReroute } from './link-reroute.ts';
import { linkThrottle } from './link-throttle.ts';
import { nodeDrain } from './node-drain.ts';
import { nodeReboot } from './node-reboot.ts';
import { nodeResyncClock } from './node-resync-clock.ts';
import type { RepairOffer } from './offer.ts';
import type { RepairKind } from './repair-kind.ts';
import { serviceDisableRetries } from './service-disable-retries.ts';
import { serviceFailOver } from './service-fail-over.ts';
import { serviceOpenBreaker } from './service-open-breaker.ts';
import { servicePinAddress } from './service-pin-address.ts';
import { serviceRateLimit } from './service-rate-limit.ts';
import { serviceReschedule } from './service-reschedule.ts';
import { serviceRestart } from './service-restart.ts';
import { serviceRestartUnready } from './service-restart-unready.ts';
import { serviceRollBack } from './service-roll-back.ts';
import { serviceScaleOut } from './service-scale-out.ts';
import { serviceShedLoad } from './service-shed-load.ts';
import { serviceShiftTraffic } from './service-shift-traffic.ts';

/** All kinds of repairs, in the order of their verbs. */
export const repairKinds: readonly RepairKind[] = [
  serviceRestart,
  serviceRestartUnready,
  serviceReschedule,
  serviceRollBack,
  serviceScaleOut,
  serviceFailOver,
  serviceShiftTraffic,
  serviceShedLoad,
  serviceRateLimit,
  serviceDisableRetries,
  serviceOpenBreaker,
  servicePinAddress,
  nodeDrain,
  nodeReboot,
  nodeResyncClock,
  linkReroute,
  linkThrottle,
  diskFreeSpace,
  diskRemount,
  diskRestore,
  diskReplace,
];

/** What order chooses from, as an action spec wants it. */
export interface RepairVerb {
  readonly name: string;
  readonly target: ComponentKind;
  readonly meaning: string;
  readonly cost: number;
  readonly offer: RepairOffer;
}

/** One verb per kind, in the same order. */
export const repairVerbs: readonly RepairVerb[] = repairKinds.map(({ name, target, meaning, cost, offer }) => ({
  name,
  target,
  meaning,
  cost,
  offer: offer ?? { always: [], oneOf: [] },
}));

/** Index into `repairVerbs` of a repair; -1 = there is none. */
export function repairVerbIndex(name: string): number {
  return repairKinds.findIndex((verb) => verb.name === name);
}
