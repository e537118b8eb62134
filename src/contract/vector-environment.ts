/** Many environments stepped together, writing into shared typed arrays; the caller resets those that ended. */

import type { PerRole, ResetOptions, RoleSpec } from './environment.ts';
import type { Topology } from './topology.ts';

/** One role's arrays over `size` environments; rows of components are padded to `componentsMax`. */
export interface RoleBuffers {
  /** size x componentsMax x features. */
  readonly components: Float32Array;
  /** size x cluster features. */
  readonly cluster: Float32Array;
  /** size x critic features. */
  readonly critic: Float32Array;
  /** size x (componentsMax x verbs + 1). */
  readonly mask: Uint8Array;
  /** Reward of the last step, one per environment. */
  readonly rewards: Float32Array;
}

/**
 * After a step that ended environment i, its rows hold the final observation and stay so until `resetOne(i, seed)`;
 * stepping an ended environment is an error.
 */
export interface VectorEnvironment {
  readonly size: number;
  readonly roles: readonly string[];
  readonly specs: PerRole<RoleSpec>;
  readonly componentsMax: number;
  /** Components of each environment. */
  readonly counts: Int32Array;
  readonly buffers: PerRole<RoleBuffers>;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly elapsedSeconds: Float64Array;
  topologyOf(index: number): Topology;
  /** Starts the next episode of one environment. */
  resetOne(index: number, seed: number, options?: Omit<ResetOptions, 'seed'>): void;
  step(choices: PerRole<Int32Array>): void;
  /** Numbers of the episode that ended (score, success ...), by name; for logs. */
  episodeSummary(index: number): Readonly<Record<string, number>>;
}
