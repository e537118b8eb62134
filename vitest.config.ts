/** Test run settings: two worker processes for two cores, and a build beforehand for tests that spawn the program. */
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Minutes long: see vitest.learning.config.ts.
    exclude: ['tests/learning/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
export default config;
