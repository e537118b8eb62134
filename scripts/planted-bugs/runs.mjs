/** Bugs in rollouts and in runs: what is stored, what observations are scaled by, what a resumed run has forgotten. */

const shard = 'src/learn/rollout-shard.ts';
const trainer = 'src/learn/trainer.ts';

export const runBugs = [
  {
    name: 'stale-log-probabilities',
    meaning: 'ratios are taken against the first policy that ever filled the storage',
    file: shard,
    find: 'storage.logProbabilities[row] = categorical.logProbability;',
    plant: 'storage.logProbabilities[row] ||= categorical.logProbability;',
    seenBy: 'tests/learn/update.test.ts',
  },
  {
    name: 'stale-weights',
    meaning: 'rollouts are played by the policy of the first iteration',
    file: 'src/learn/backend-cache.ts',
    find: 'loaded.backend.setWeights(this.vector(role, slot).weights);',
    plant: 'if (loaded.version < 0) loaded.backend.setWeights(this.vector(role, slot).weights);',
    seenBy: 'tests/learn/ppo.test.ts',
  },
  {
    name: 'best-instead-of-drawn',
    meaning: 'the learner explores nothing: it always takes its likeliest choice',
    file: 'src/policies/masked-categorical.ts',
    find: 'const chosen = drawIndex(weights, legalCount, uniform * total);',
    plant: 'const chosen = uniform < 0 ? -1 : weights.indexOf(Math.max(...weights.subarray(0, legalCount)));',
    seenBy: 'tests/learn/probes.test.ts',
  },
  {
    name: 'choices-of-the-opponent',
    meaning: "the learner learns from its opponent's choices",
    file: shard,
    find: 'storage.choices[row] = choices[index]!;',
    plant: 'storage.choices[row] = this.#choices[this.#parts.dimensions.roles.at(-1 - learner)!.role]![index]!;',
    seenBy: 'tests/learn/roles.test.ts',
  },
  {
    name: 'no-observation-scaling',
    meaning: 'features are never scaled by what has been seen',
    file: trainer,
    find: 'if (this.#scalingFollows(learner)) own.updateScaling',
    plant: 'if (this.iteration < 0) own.updateScaling',
    seenBy: 'tests/learn/scaling.test.ts',
  },
  {
    name: 'scaling-never-frozen',
    meaning: 'what the network sees shifts under it until the end of the run',
    file: trainer,
    find: 'return follows && this.learners[learner]!.steps < normaliseSteps;',
    plant: 'return follows && normaliseSteps > 0;',
    seenBy: 'tests/learn/scaling.test.ts',
  },
  {
    name: 'scaling-drifts',
    meaning: 'the update sees observations scaled by other numbers than the choices were made with',
    file: shard,
    find: `    const { rows, storage, out } = this.#sides[learner]!;
    const first = slotAt(dimensions, shard, dimensions.rolloutSteps);`,
    plant: `    const { rows, storage, out } = this.#sides[learner]!;
    for (const [index, value] of storage.components.entries()) storage.components[index] = 1.05 * value;
    const first = slotAt(dimensions, shard, dimensions.rolloutSteps);`,
    seenBy: 'tests/learn/update.test.ts',
  },
  {
    name: 'scaling-left-behind',
    meaning: 'the finished agent plays without the scaling it learned with',
    file: 'src/policies/neural-policy.ts',
    find: 'scaleRows(observation.components, batch.components, scaling.components, { ...ROW, rows: components });',
    plant: 'batch.components.set(observation.components);',
    seenBy: 'tests/learn/ppo.test.ts',
  },
  {
    name: 'optimiser-forgotten',
    meaning: 'a resumed run starts with an empty Adam',
    file: 'src/neural/adam.ts',
    find: '    this.means.set(state.means);\n',
    plant: '',
    seenBy: 'tests/neural/adam.test.ts',
  },
  {
    name: 'streams-forgotten',
    meaning: 'a resumed run draws the random numbers of its beginning again',
    file: 'src/learn/checkpoint.ts',
    find: '  trainer.iteration = header.iteration;\n',
    plant: '',
    seenBy: 'tests/learn/checkpoint.test.ts',
  },
  {
    name: 'episodes-forgotten',
    meaning: 'a resumed run begins its episodes anew',
    file: 'src/learn/checkpoint.ts',
    find: '  await trainer.restoreEpisodes();\n',
    plant: '',
    seenBy: 'tests/learn/checkpoint.test.ts',
  },
  {
    name: 'returns-forgotten',
    meaning: 'a resumed run scales rewards by what it has seen since',
    file: 'src/learn/role-learner.ts',
    find: 'this.#returns.load(Float64Array',
    plant: 'void (Float64Array',
    seenBy: 'tests/learn/checkpoint.test.ts',
  },
];
