/** The identity tasks of Stable-Baselines3 and sb3-contrib at their thresholds: `npm run test:learning`. */
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

// Each of the 80 states is met some sixty times: few large rollouts, wide layers, and gradients left long.
learningTests({
  name: 'identity, 80 states, 60 masked',
  task: { name: 'identity', options: { states: 80, invalid: 60 } },
  settings: {
    ...sizes,
    rolloutSteps: 156,
    network: { encoderUnits: 128, embeddingUnits: 128, headUnits: 128 },
    role: {
      ...role,
      lambda: 0,
      learningRate: 1e-3,
      learningRateEnd: 1e-3,
      minibatch: 128,
      epochs: 10,
      gradientNormMax: 5,
    },
  },
  steps: 4992,
  seeds: [1, 2, 3, 4, 5],
  needed: 90,
  episodes: 20,
});
