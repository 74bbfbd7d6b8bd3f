import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/gateway/certificates.ts'],
    pool: 'forks',
    // Tests wait for sockets and processes more than they compute: on two cores one at a time would leave half idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/house/last-line.ts'],
  },
});
