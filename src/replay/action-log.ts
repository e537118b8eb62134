/** The faults and repairs of an episode, with their ends. */

import type { ContestEnvironment } from '../environment/index.ts';

/** A fault or a repair. */
export interface PastAction {
  readonly sort: 'fault' | 'repair';
  /** For instance `service.kill.severe`, or `service.restart`. */
  readonly verb: string;
  readonly component: string;
  readonly startSeconds: number;
  /** Null = it was not over when the recording ended. */
  readonly endSeconds: number | null;
  /** `skipped` is a scripted fault that could not begin; `cured` one that repairs undid. */
  readonly outcome: 'open' | 'skipped' | 'cured' | 'over' | 'succeeded' | 'failed';
}

type OpenAction = { -readonly [K in keyof PastAction]: PastAction[K] };

/** Follows the coming episodes of an environment. */
export class ActionLog {
  /** Those of the last episode, in order of start. */
  readonly all: OpenAction[] = [];

  constructor(environment: ContestEnvironment) {
    const { events } = environment;
    events.on('episodeBegan', () => {
      this.all.length = 0;
    });
    events.on('faultStarted', (event) => this.#begin('fault', event, 'open'));
    events.on('faultSkipped', (event) => this.#begin('fault', event, 'skipped'));
    events.on('repairStarted', (event) => this.#begin('repair', event, 'open'));
    events.on('faultEnded', ({ cured, ...event }) => this.#end('fault', event, cured ? 'cured' : 'over'));
    events.on('repairFinished', ({ succeeded, ...event }) =>
      this.#end('repair', event, succeeded ? 'succeeded' : 'failed'),
    );
  }

  #begin(sort: PastAction['sort'], event: HappeningOf, outcome: PastAction['outcome']): void {
    const { verb, component, timeSeconds: startSeconds } = event;
    const endSeconds = outcome === 'skipped' ? startSeconds : null;
    this.all.push({ sort, verb, component, startSeconds, endSeconds, outcome });
  }

  #end(sort: PastAction['sort'], { verb, component, timeSeconds }: HappeningOf, outcome: PastAction['outcome']): void {
    const open = this.all.find(
      (action) =>
        action.outcome === 'open' && action.sort === sort && action.verb === verb && action.component === component,
    );
    if (open === undefined) return;
    open.endSeconds = timeSeconds;
    open.outcome = outcome;
  }
}

interface HappeningOf {
  readonly timeSeconds: number;
  readonly verb: string;
  readonly component: string;
}
