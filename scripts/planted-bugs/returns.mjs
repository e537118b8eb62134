/** Bugs in what a choice is said to be worth: advantages, discounting, bootstrapping, the scale of rewards. */

const advantages = 'src/learn/advantages.ts';
const shard = 'src/learn/rollout-shard.ts';

export const returnBugs = [
  {
    name: 'truncation-as-end',
    meaning: 'nothing of value follows where an episode was cut',
    file: advantages,
    find: 'terminated[at] === 1 ? 0 : finalValues[at]!',
    plant: '0',
    seenBy: 'tests/learn/probes.test.ts',
  },
  {
    name: 'end-as-truncation',
    meaning: 'a natural end is valued like a cut',
    file: advantages,
    find: 'terminated[at] === 1 ? 0 : finalValues[at]!',
    plant: 'finalValues[at]!',
    seenBy: 'tests/learn/advantages.test.ts',
  },
  {
    name: 'final-observation-after-reset',
    meaning: 'a cut is valued by what the next episode begins with',
    file: shard,
    find: `    if (truncated) storage.finalValues[row] = this.#finalValue(learner, index, backend);
    if (terminated || truncated) this.#book.finish(index);`,
    plant: `    if (terminated || truncated) this.#book.finish(index);
    if (truncated) storage.finalValues[row] = this.#finalValue(learner, index, backend);`,
    seenBy: 'tests/learn/probes.test.ts',
  },
  {
    name: 'rollout-end-as-end',
    meaning: 'nothing of value follows the last step of a rollout',
    file: shard,
    find: 'storage.values[first + index] = out.values[index]!;',
    plant: 'storage.values[first + index] = 0;',
    seenBy: 'tests/learn/probes.test.ts',
  },
  {
    name: 'advantage-across-episodes',
    meaning: 'advantages flow from one episode into the one before',
    file: advantages,
    find: '      nextAdvantage = 0;\n    }',
    plant: '    }',
    seenBy: 'tests/learn/advantages.test.ts',
  },
  {
    name: 'no-elapsed-time',
    meaning: 'steps of unequal length are discounted alike',
    file: shard,
    find: 'return decisions === 1 ? discount : pow(discount, decisions);',
    plant: 'return decisions > 0 ? discount : pow(discount, decisions);',
    seenBy: 'tests/learn/probes.test.ts',
  },
  {
    name: 'recursion-exponent',
    meaning: 'the sum of differences is discounted twice, the difference itself once',
    file: advantages,
    find: 'reward + discount * (nextValue + options.lambda * nextAdvantage)',
    plant: 'reward + discount * (nextValue + discount * options.lambda * nextAdvantage)',
    seenBy: 'tests/learn/advantages.test.ts',
  },
  {
    name: 'no-lambda',
    meaning: 'advantages ignore lambda and trust rewards alone',
    file: advantages,
    find: 'options.lambda * nextAdvantage',
    plant: 'nextAdvantage',
    seenBy: 'tests/learn/advantages.test.ts',
  },
  {
    name: 'forced-rewards-lost',
    meaning: 'what is earned in steps without a choice counts for no decision',
    file: advantages,
    find: '      values[at] = target;\n',
    plant: '      values[at] = target;\n      reward = 0;\n',
    seenBy: 'tests/learn/probes.test.ts',
  },
  {
    name: 'reward-scale-twice',
    meaning: 'rewards are divided by their deviation twice',
    file: advantages,
    find: 'rewards[at]! * options.rewardScale',
    plant: 'rewards[at]! * options.rewardScale * options.rewardScale',
    seenBy: 'tests/learn/advantages.test.ts',
  },
  {
    name: 'reward-scale-of-rewards',
    meaning: 'rewards are divided by their own deviation, not by that of returns',
    file: shard,
    find: 'returns[environment]! * discount + reward;',
    plant: 'reward;',
    seenBy: 'tests/learn/scaling.test.ts',
  },
  {
    name: 'returns-across-episodes',
    meaning: 'the returns that rewards are scaled by run on from one episode into the next',
    file: 'src/learn/episode-book.ts',
    find: 'ledger.discountedReturns[row] = 0;\n    ledger.returns.fill',
    plant: 'ledger.returns.fill',
    seenBy: 'tests/learn/scaling.test.ts',
  },
  {
    name: 'reward-of-the-other-role',
    meaning: 'the learner is paid what its opponent earns',
    file: shard,
    find: `environment.buffers[role]!.rewards[index]!;
    const discount`,
    plant: `environment.buffers[this.#parts.dimensions.roles.at(-1 - learner)!.role]!.rewards[index]!;
    const discount`,
    seenBy: 'tests/learn/roles.test.ts',
  },
];
