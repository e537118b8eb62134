/** Draws uniformly from the legal choices, the no-op among them: what acting without looking is worth. */

import { assert, RandomStream } from '../base/index.ts';
import type { Observation, Policy, PolicyContext } from '../contract/index.ts';

/** A policy that acts at random within the mask. */
export function createRandomPolicy(): Policy {
  let stream: RandomStream | undefined;
  return {
    name: 'random',
    reset(context: PolicyContext): void {
      stream = new RandomStream(context.seed, `random-policy ${context.role}`);
    },
    act(observation: Observation): number {
      assert(stream !== undefined, 'act before reset');
      return drawLegal(observation.mask, stream);
    },
  };
}

function drawLegal(mask: Uint8Array, stream: RandomStream): number {
  let legal = 0;
  for (const flag of mask) legal += flag;
  assert(legal > 0, 'a mask without a legal choice');
  let skip = stream.integer(legal);
  return mask.findIndex((flag) => flag === 1 && skip-- === 0);
}
