/** The memory that all workers of a run share: parameters, rollouts, gradients and the ledger of running episodes. */

import { DeeplOpsError } from '../base/index.ts';
import { rolloutBytes, slotCount } from './rollout-storage.ts';
import type { RunDimensions } from './run-dimensions.ts';

/** Positions in `SharedRun.control`. */
export const CONTROL = {
  /** Raised by one for each command; workers sleep on it. */
  generation: 0,
  /** Workers that have finished the command. */
  finished: 1,
  /** 1 once any worker has failed. */
  failed: 2,
  command: 3,
  learner: 4,
  iteration: 5,
  minibatchStart: 6,
  minibatchEnd: 7,
  nextGradientShard: 8,
  /** 1 while the scaling of observations still follows what is seen. */
  sumsWanted: 9,
  /** Matches of the evaluation to play. */
  matches: 10,
  /** Samples of the minibatch that stay together in each shard. */
  sequenceSteps: 11,
  /** From here on: a version per role and slot of `parameters`. */
  versions: 16,
} as const;

/** What a worker adds to an iteration's loss sums, in order. */
export const LOSS_SUMS = 7;

/** Running episodes, one row per environment: enough to play an unfinished one again up to its last decision. */
interface EpisodeLedger {
  /** Number of the episode, from 1; 0 before the first. */
  readonly episode: Int32Array;
  readonly steps: Int32Array;
  /** The opponent's entry in the league's numbering. */
  readonly entry: Int32Array;
  /** Index of the role that learns. */
  readonly learner: Int32Array;
  /** See `ResetOptions.difficulty`. */
  readonly difficulty: Float64Array;
  /** 1 when the learning role changed during the episode, so that its outcome says nothing about either opponent. */
  readonly mixed: Uint8Array;
  /** Environments x roles. */
  readonly returns: Float64Array;
  /** The learner's discounted sum of rewards so far, for scaling rewards. */
  readonly discountedReturns: Float64Array;
  /** Environments x roles x steps. */
  readonly choices: Int32Array;
  /** Environments x steps: the index of the role that learned at that step. */
  readonly learners: Uint8Array;
  /** Environments x script width: the failure script that is being played; see `ScriptShelf`. */
  readonly scripts: Int32Array;
  /** Roles x environments x memoryUnitsMax: what the roles' networks remember. */
  readonly memories: Float32Array;
}

/** Episodes that ended in this iteration: `counts` by environment, and a row of numbers each. */
interface EpisodeRecords {
  readonly counts: Int32Array;
  /** Environments x rolloutSteps x width; see `recordWidth`. */
  readonly rows: Float64Array;
  /** Environments x rolloutSteps x script width: what was broken, and by which script. */
  readonly scripts: Int32Array;
}

/** Matches of an evaluation and how they ended; see `evaluation-match.ts`. */
interface EvaluationMatches {
  /** Matches x (roles + 1): who sits where, and the seed. */
  readonly matches: Int32Array;
  /** Matches x roles: how well each role did. */
  readonly results: Float64Array;
}

/** Weights of the minibatch's loss and the number of samples its gradient is divided by. */
export const LOSS_SETTINGS = {
  clipRange: 0,
  /** 0 for no limit. */
  valueClipRange: 1,
  entropyWeight: 2,
  valueWeight: 3,
  referenceWeight: 4,
  imitationWeight: 5,
  divisor: 6,
} as const;

/** Everything shared; typed arrays on shared buffers, which pass to workers as they are. */
export interface SharedRun {
  readonly control: Int32Array;
  /** By role: slots (0 is the learner, then past snapshots, last the reference policy) x vector length. */
  readonly parameters: readonly Float32Array[];
  /** By role as an opponent: scenarios x cumulative probability of each entry. */
  readonly entryTables: readonly Float64Array[];
  /** Scenarios x places x script width: the archived failure scripts. */
  readonly archive: Int32Array;
  /** One number: the difficulty of episodes that begin now. */
  readonly difficulty: Float64Array;
  readonly rollout: SharedArrayBuffer;
  /** Slots of the rollout x choices: see `ReferenceLogits`; empty where no role has a reference policy. */
  readonly referenceLogits: Float32Array;
  readonly ledger: EpisodeLedger;
  readonly records: EpisodeRecords;
  readonly evaluation: EvaluationMatches;
  /** Shards x sums; see `FeatureSums`. */
  readonly featureSums: Float64Array;
  /** Transitions in the order of the epoch, as indices into the rollout. */
  readonly order: Int32Array;
  /** By slot of the rollout: the advantage, normalised over the minibatch it is in. */
  readonly advantages: Float32Array;
  readonly lossSettings: Float64Array;
  /** Gradient shards x parameters. */
  readonly gradients: Float32Array;
  /** Gradient shards x `LOSS_SUMS`. */
  readonly losses: Float64Array;
}

/** Lengths that depend on the network and the task. */
export interface SharedLengths {
  /** By role: weights and scaling of one slot. */
  readonly vectors: readonly number[];
  /** By role: weights only. */
  readonly weights: readonly number[];
  readonly featureSums: number;
  readonly recordWidth: number;
  /** Whether any role is to stay close to a reference policy. */
  readonly hasReference: boolean;
}

/** Allocates a run's shared memory, all zero; CONFIG_INVALID where there is not as much. */
export function createSharedRun(dimensions: RunDimensions, lengths: SharedLengths): SharedRun {
  try {
    return allocate(dimensions, lengths);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const { environments, rolloutSteps } = dimensions;
    const message = `${environments} environments of ${rolloutSteps} steps do not fit into memory`;
    throw new DeeplOpsError('CONFIG_INVALID', message, { cause, hint: 'Lower environments or rolloutSteps.' });
  }
}

function allocate(dimensions: RunDimensions, lengths: SharedLengths): SharedRun {
  const { roles, environments, shards, rolloutSteps, gradientShards, slots, entriesMax, matchesMax, scriptWidth } =
    dimensions;
  const transitions = environments * rolloutSteps;
  const choicesMax = Math.max(...roles.map((role) => role.choicesMax));
  return {
    control: int32(CONTROL.versions + roles.length * slots),
    parameters: lengths.vectors.map((length) => float32(slots * length)),
    entryTables: roles.map(() => float64(dimensions.scenarios * entriesMax)),
    archive: int32(dimensions.scenarios * dimensions.archivePlaces * scriptWidth),
    difficulty: float64(1),
    rollout: new SharedArrayBuffer(Math.max(...roles.map((role) => rolloutBytes(dimensions, role)))),
    referenceLogits: float32(lengths.hasReference ? slotCount(dimensions) * choicesMax : 0),
    ledger: {
      episode: int32(environments),
      steps: int32(environments),
      entry: int32(environments),
      learner: int32(environments),
      difficulty: float64(environments),
      mixed: uint8(environments),
      returns: float64(environments * roles.length),
      discountedReturns: float64(environments),
      choices: int32(environments * roles.length * dimensions.episodeStepsMax),
      learners: uint8(environments * dimensions.episodeStepsMax),
      scripts: int32(environments * scriptWidth),
      memories: float32(roles.length * environments * dimensions.memoryUnitsMax),
    },
    records: {
      counts: int32(environments),
      rows: float64(environments * rolloutSteps * lengths.recordWidth),
      scripts: int32(environments * rolloutSteps * scriptWidth),
    },
    evaluation: {
      matches: int32(matchesMax * (roles.length + 1)),
      results: float64(matchesMax * roles.length),
    },
    featureSums: float64(shards * lengths.featureSums),
    order: int32(transitions),
    advantages: float32(slotCount(dimensions)),
    lossSettings: float64(Object.keys(LOSS_SETTINGS).length),
    gradients: float32(gradientShards * Math.max(...lengths.weights)),
    losses: float64(gradientShards * LOSS_SUMS),
  };
}

/** Position in `control` of the version of a role's slot. */
export function versionAt(dimensions: RunDimensions, role: number, slot: number): number {
  return CONTROL.versions + role * dimensions.slots + slot;
}

function int32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4));
}

function float32(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}

function float64(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * 8));
}

function uint8(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}
