/** When chaos decides in an episode, without playing one: what a failure script can be written in. */

import { StateLayout } from '../base/index.ts';
import { secondsToMicros } from '../kernel/index.ts';
import type { ContestRules } from '../scenario/index.ts';
import { EpisodeClock } from './episode-clock.ts';

/** A decision of chaos: the step of the episode, and how long after the end of the warm-up it comes. */
export interface ChaosMoment {
  readonly step: number;
  readonly seconds: number;
}

/** All decisions of chaos in an episode by these rules, in order. */
export function chaosMoments(rules: ContestRules): ChaosMoment[] {
  const clock = new EpisodeClock(new StateLayout(), rules);
  const moments: ChaosMoment[] = [];
  let nowMicros = secondsToMicros(rules.warmUpSeconds);
  for (let step = 0; clock.phase(nowMicros) === 'contest'; step += 1) {
    if (clock.chaosDue(nowMicros)) moments.push({ step, seconds: clock.elapsed(nowMicros) / 1e6 });
    nowMicros = clock.nextMicros(nowMicros);
  }
  return moments;
}
