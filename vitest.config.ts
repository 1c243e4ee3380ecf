import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'services/*'],
    globalSetup: ['./packages/test-servers/src/setup.ts'],
    reporters: ['default', './packages/test-servers/src/summary-reporter.ts'],
  },
});
