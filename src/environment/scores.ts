/** Condenses a component's delivered signals into four scores between 0 and 1, which neighbours are pooled over. */

import { type ComponentKind, signalColumn as column, signalNames } from '../cluster/index.ts';
import { pooledScores } from './features.ts';

/** Scores of a component: error, latency, saturation, anomaly. */
export const SCORES: number = pooledScores.length;

const WIDTH = signalNames.length;
/** Saturation from here on is an anomaly of its own. */
const SATURATION_FULL = 0.9;

interface ScoreArrays {
  /** Normalised signals, components x signals. */
  readonly signals: Float32Array;
  /** Components x scores. */
  readonly scores: Float32Array;
}

/** Writes the scores of one component. */
export function writeScores(kind: ComponentKind, component: number, { signals, scores }: ScoreArrays): void {
  const at = component * WIDTH;
  const to = component * SCORES;
  let error = 0;
  let latency = 0;
  let saturation = 0;
  let absence = 0;
  if (kind === 'service') {
    error = signals[at + column.errorRatio]!;
    latency = signals[at + column.latencyMean]!;
    saturation = Math.max(signals[at + column.saturation]!, signals[at + column.memory]!);
    absence = Math.max(1 - signals[at + column.readyRatio]!, signals[at + column.restarts]!);
  } else if (kind === 'node') {
    saturation = signals[at + column.cpu]!;
    absence = 1 - signals[at + column.nodeReady]!;
  } else if (kind === 'link') {
    error = signals[at + column.loss]!;
    latency = signals[at + column.roundTrip]!;
    saturation = signals[at + column.utilisation]!;
  } else {
    error = signals[at + column.diskErrors]!;
    latency = signals[at + column.diskAwait]!;
    saturation = Math.max(signals[at + column.utilisation]!, signals[at + column.diskUsed]!);
  }
  latency = Math.max(0, latency);
  scores[to] = error;
  scores[to + 1] = latency;
  scores[to + 2] = saturation;
  scores[to + 3] = Math.max(error, latency, absence, saturation > SATURATION_FULL ? saturation : 0);
}
