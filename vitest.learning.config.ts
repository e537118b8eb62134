/** The long learning tests: `npm run test:learning`, some minutes. Figures of each are printed at the end. */
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { LearningTable } from './tests/support/learning-table.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['tests/learning/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 600_000,
    reporters: ['default', ['json', { outputFile: '.cache/learning-tests.json' }], new LearningTable()],
  },
});
export default config;
