import { defineConfig } from 'vitest/config';

// What needs a browser, apart from what does not: `npm run test:browser`.
export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.browser.ts', 'services/*/test/**/*.browser.ts'],
    // Pressing every button of the documents takes many minutes: TRY_IT_OUT=1 npm run test:browser -- try-it-out
    exclude: process.env.TRY_IT_OUT === '1' ? [] : ['**/try-it-out.browser.ts'],
    globalSetup: ['./packages/test-servers/src/setup.ts'],
    reporters: ['default', './packages/test-servers/src/summary-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    // A browser takes both cores of a small machine.
    fileParallelism: false,
  },
});
