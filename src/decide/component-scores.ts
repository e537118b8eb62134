/**
 * How far a component looks from healthy, from its own signals as an observation carries them: four scores between 0 and
 * 1. The environment pools the same scores over neighbours; a test holds the two against each other.
 */

/** Scores of one component. */
export interface ComponentScores {
  readonly error: number;
  readonly latency: number;
  readonly saturation: number;
  /** The worst of all, saturation only where it is nearly full. */
  readonly anomaly: number;
}

/** Saturation from here on is an anomaly of its own. */
const SATURATION_FULL = 0.9;

/** Scores of a component of that kind; `signal` gives its normalised signals by name, 0 for those it has not. */
export function componentScores(kind: string, signal: (name: string) => number): ComponentScores {
  const parts = partsOf(kind, signal);
  const latency = Math.max(0, parts.latency);
  const full = parts.saturation > SATURATION_FULL ? parts.saturation : 0;
  return { ...parts, latency, anomaly: Math.max(parts.error, latency, parts.absence, full) };
}

function partsOf(kind: string, signal: (name: string) => number) {
  switch (kind) {
    case 'service':
      return {
        error: signal('errorRatio'),
        latency: signal('latencyMean'),
        saturation: Math.max(signal('saturation'), signal('memory')),
        absence: Math.max(1 - signal('readyRatio'), signal('restarts')),
      };
    case 'node':
      return { error: 0, latency: 0, saturation: signal('cpu'), absence: 1 - signal('nodeReady') };
    case 'link':
      return {
        error: signal('loss'),
        latency: signal('roundTrip'),
        saturation: signal('utilisation'),
        absence: 0,
      };
    default:
      return {
        error: signal('diskErrors'),
        latency: signal('diskAwait'),
        saturation: Math.max(signal('utilisation'), signal('diskUsed')),
        absence: 0,
      };
  }
}
