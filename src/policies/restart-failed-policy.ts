/** Restarts whatever fails by its own numbers: the reflex of on-call, blind to what it depends on. */

import { assert } from '../base/index.ts';
import type { Observation, Policy, PolicyContext } from '../contract/index.ts';
import { NO_OP } from '../contract/index.ts';
import { ObservationReader } from './observation-reader.ts';

const ERROR_RATIO_FAILED = 0.05;
/** A restart that ended less than a minute ago may still be starting up (the feature falls from 1 to 0 in 5 minutes). */
const RECENCY_SETTLED = 0.8;

/** A policy that restarts the service that looks worst, if one has failed. */
export function createRestartFailedPolicy(): Policy {
  let state: { reader: ObservationReader; restart: number; columns: ReturnType<typeof findColumns> } | undefined;
  return {
    name: 'restart-failed',
    reset(context: PolicyContext): void {
      const reader = new ObservationReader(context);
      const restart = reader.verb('service.restart');
      assert(restart >= 0, 'this role cannot restart a service');
      state = { reader, restart, columns: findColumns(reader) };
    },
    act(observation: Observation): number {
      assert(state !== undefined, 'act before reset');
      const { reader, restart, columns } = state;
      let worst = NO_OP;
      let worstScore = 0;
      for (let component = 0; component < reader.componentCount; component += 1) {
        const choice = reader.choice(observation, component, restart);
        const score = choice === NO_OP ? 0 : failureScore(observation, component, reader, columns);
        if (score <= worstScore) continue;
        worst = choice;
        worstScore = score;
      }
      return worst;
    },
  };
}

function findColumns(reader: ObservationReader) {
  return {
    service: reader.column('type.service'),
    error: reader.column('signal.errorRatio'),
    ready: reader.column('signal.readyRatio'),
    restarts: reader.column('signal.restarts'),
    recency: reader.column('repair.recency'),
  };
}

/** 0 when the service has not failed or was restarted just now, else the more the worse. */
function failureScore(
  observation: Observation,
  component: number,
  reader: ObservationReader,
  columns: ReturnType<typeof findColumns>,
): number {
  const value = (column: number): number => reader.value(observation, component, column);
  if (value(columns.service) === 0 || value(columns.recency) > RECENCY_SETTLED) return 0;
  const unready = 1 - value(columns.ready);
  const error = value(columns.error);
  const failed = unready > 0 || error > ERROR_RATIO_FAILED || value(columns.restarts) > 0;
  return failed ? unready + error + 0.1 * value(columns.restarts) + 1e-3 : 0;
}
