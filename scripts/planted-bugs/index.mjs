/**
 * Known bugs of PPO implementations, each as a replacement in a file of the learner: `find` stands there exactly once.
 * `seenBy` is the test file that is tried first.
 */
import { returnBugs } from './returns.mjs';
import { runBugs } from './runs.mjs';
import { updateBugs } from './updates.mjs';
import { variantBugs } from './variants.mjs';

export const bugs = [...returnBugs, ...updateBugs, ...runBugs, ...variantBugs];
