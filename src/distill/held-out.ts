/** What is kept of the test episodes besides their outcomes. */

import { NO_OP } from '../contract/index.ts';
import type { SituationReport } from '../environment/index.ts';
import type { StrangenessGauge } from './familiarity.ts';
import type { BesideDecision } from './measure.ts';

/** One decision in so many is measured for strangeness beside all with a repair; so many of these are kept. */
const GAUGED_EVERY = 5;
const SITUATIONS_MAX = 40;

/** What is kept of the test episodes: strangeness, and moments in which there was something to repair. */
export class HeldOut {
  readonly gauge: StrangenessGauge;
  readonly situations: SituationReport[] = [];
  #decisions = 0;

  constructor(gauge: StrangenessGauge) {
    this.gauge = gauge;
  }

  add({ environment, observation, wanted }: BesideDecision): void {
    this.#decisions += 1;
    const { topology, specs } = environment;
    const drawn = this.#decisions % GAUGED_EVERY === 0;
    this.gauge.add({ observation, spec: specs.order, topology, drawn, inNeed: wanted !== NO_OP });
    // Spread over the episodes: one moment for every so many decisions.
    if (wanted === NO_OP || this.situations.length >= Math.min(SITUATIONS_MAX, 1 + this.#decisions / 180)) return;
    this.situations.push(environment.situation());
  }
}
