/** The faults of a script or a recording that could not be started when they were due. */

import type { ContestEnvironment, ContestEvents } from '../environment/index.ts';

/** One of them, and what was against it. */
export type LeftOutFault = ContestEvents['faultSkipped'][0];

/** Collects those of the coming episode of an environment. */
export function leftOutFaults({ events }: ContestEnvironment): readonly LeftOutFault[] {
  const all: LeftOutFault[] = [];
  events.on('episodeBegan', () => {
    all.length = 0;
  });
  events.on('faultSkipped', (event) => all.push(event));
  return all;
}
