/** The long learning tests: `npm run test:learning`, some minutes. */
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: { include: ['tests/learning/**/*.test.ts'], pool: 'forks', maxWorkers: 2, testTimeout: 600_000 },
});
export default config;
