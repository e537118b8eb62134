/** CartPole-v1, published threshold 475: `npm run test:learning`. */
import { learningTests } from '../support/learning-runs.ts';

learningTests({
  name: 'CartPole',
  task: { name: 'cart-pole', options: {} },
  // As Stable-Baselines3's zoo has it, but for the clip range, which stays.
  settings: {
    environments: 8,
    shards: 2,
    gradientShards: 1,
    rolloutSteps: 32,
    normaliseSteps: 10_000,
    role: {
      discount: 0.98,
      lambda: 0.8,
      learningRate: 1e-3,
      learningRateEnd: 0,
      minibatch: 256,
      epochs: 20,
      entropyWeight: 0,
      entropyWeightEnd: 0,
      klTarget: null,
    },
  },
  steps: 99_840,
  seeds: [1, 2, 3, 4, 5],
  needed: 475,
  episodes: 100,
});
