/** The identity task of Stable-Baselines3 at its threshold: `npm run test:learning`. */
import { learningTests } from '../support/learning-runs.ts';

const sizes = { environments: 8, shards: 2, gradientShards: 1 };
const role = { discount: 0.4, entropyWeight: 0, entropyWeightEnd: 0, klTarget: null };

learningTests({
  name: 'identity, 4 states',
  task: { name: 'identity', options: { states: 4, invalid: 0 } },
  settings: {
    ...sizes,
    rolloutSteps: 15,
    role: { ...role, learningRate: 2e-3, learningRateEnd: 2e-3, minibatch: 60, epochs: 4 },
  },
  steps: 1200,
  seeds: [1, 2, 3, 4, 5],
  needed: 90,
  episodes: 20,
});
