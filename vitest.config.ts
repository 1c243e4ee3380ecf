import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Two at once, also on two cores: much of the time is spent waiting for servers, processes and disks. (Vitest would take cores - 1.)
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: ['packages/*', 'services/*'],
    globalSetup: ['./packages/test-servers/src/setup.ts'],
    reporters: ['default', './packages/test-servers/src/summary-reporter.ts'],
  },
});
