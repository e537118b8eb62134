/**
 * Demonstrated decisions on shared memory. Every episode has a stretch of slots of its own, so that where a decision
 * lies does not depend on who played when; slots that stay empty cost no memory, as nothing touches their pages.
 */

import { DeeplOpsError } from '../../base/index.ts';
import type { PpoTargets } from '../../neural/index.ts';
import { featureSumsLength } from '../feature-sums.ts';
import type { SampleArrays } from '../gradient-job.ts';
import type { RowArrays } from '../observation-rows.ts';
import { featureWidth } from '../role-vector.ts';
import type { RoleDimensions } from '../run-dimensions.ts';

/** Sizes of a store. */
export interface StoreSizes {
  readonly role: RoleDimensions;
  readonly componentsMax: number;
  readonly episodes: number;
  readonly slotsPerEpisode: number;
}

/** One role's demonstrated decisions; passes to workers as it is. */
export interface DemonstrationStore extends StoreSizes {
  /** Choices are the demonstrator's, returns what followed until the end, weights how much a decision counts. */
  readonly samples: SampleArrays & RowArrays & Required<Pick<PpoTargets, 'weights'>>;
  /** By episode: slots in use. */
  readonly kept: Int32Array;
  /** By episode: decisions with something to choose, and those in which the demonstrator acted. */
  readonly decisions: Int32Array;
  readonly actions: Int32Array;
  /** Episodes x sums; see `SUMS`. */
  readonly sums: Float64Array;
}

/** More than this is refused. */
const BYTES_MAX = 2 ** 35;

/** Allocates a store, all zero; CONFIG_INVALID where it would be too large. */
export function createDemonstrationStore(sizes: StoreSizes): DemonstrationStore {
  const { role, componentsMax, episodes, slotsPerEpisode } = sizes;
  const { shape, choicesMax } = role;
  const slots = episodes * slotsPerEpisode;
  const featuresMax = componentsMax * shape.componentFeatures + shape.clusterFeatures + shape.criticFeatures;
  if (slots * (4 * featuresMax + choicesMax) > BYTES_MAX) throw tooLarge(role.role, episodes);
  try {
    const zeros = floats(slots);
    const samples = {
      componentsMax,
      counts: integers(slots),
      components: floats(slots * componentsMax * shape.componentFeatures),
      cluster: floats(slots * shape.clusterFeatures),
      critic: floats(slots * shape.criticFeatures),
      mask: new Uint8Array(new SharedArrayBuffer(slots * choicesMax)),
      graphOf: integers(slots),
      choices: integers(slots),
      returns: floats(slots),
      weights: floats(slots),
      oldLogProbabilities: zeros,
      advantages: zeros,
      oldValues: zeros,
    };
    const sums = new Float64Array(new SharedArrayBuffer(episodes * featureSumsLength(featureWidth(shape)) * 8));
    const counts = { kept: integers(episodes), decisions: integers(episodes), actions: integers(episodes) };
    return { ...sizes, samples, ...counts, sums };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw tooLarge(role.role, episodes);
  }
}

/**
 * The store as another thread receives it, with all of its arrays whole: a structured clone keeps the length of a view in
 * 32 bits (Node.js 20), so that one of more than 4 GiB arrives cut, but its buffer does not. Every array has a buffer of
 * its own.
 */
export function receivedStore(store: DemonstrationStore): DemonstrationStore {
  return wholeViews(store);
}

function wholeViews<T extends object>(values: T): T {
  const entries = Object.entries(values).map(([key, value]) => {
    if (ArrayBuffer.isView(value)) return [key, new (value.constructor as SharedView)(value.buffer)];
    return [key, typeof value === 'object' && value !== null && !Array.isArray(value) ? wholeViews(value) : value];
  });
  return Object.fromEntries(entries) as T;
}

type SharedView = new (buffer: ArrayBufferLike) => ArrayBufferView;

function tooLarge(role: string, episodes: number): DeeplOpsError {
  const message = `coldStart.${role}: ${episodes} episodes of demonstrations do not fit into memory`;
  return new DeeplOpsError('CONFIG_INVALID', message, { hint: 'Ask for fewer episodes or rounds.' });
}

function floats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}

function integers(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4));
}
