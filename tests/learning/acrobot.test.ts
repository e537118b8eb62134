/** Acrobot-v1, published threshold -100: `npm run test:learning`. */
import { learningTests } from '../support/learning-runs.ts';

learningTests({
  name: 'Acrobot',
  task: { name: 'acrobot', options: {} },
  settings: {
    environments: 16,
    shards: 2,
    gradientShards: 1,
    rolloutSteps: 128,
    normaliseSteps: 50_000,
    role: {
      discount: 0.99,
      lambda: 0.94,
      learningRate: 1e-3,
      learningRateEnd: 0,
      minibatch: 256,
      epochs: 4,
      entropyWeight: 0,
      entropyWeightEnd: 0,
      klTarget: null,
    },
  },
  steps: 499_712,
  seeds: [1, 2, 3],
  needed: -100,
  episodes: 100,
});
