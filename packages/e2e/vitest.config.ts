import { defineConfig } from 'vitest/config';

export default defineConfig({
  // A whole platform starts, on machines that may be small.
  test: { testTimeout: 120_000, hookTimeout: 180_000 },
});
