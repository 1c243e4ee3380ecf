import { defineProject } from 'vitest/config';

// Services are started, models are tried in processes of their own: on a busy machine that takes its time.
export default defineProject({ test: { testTimeout: 120_000, hookTimeout: 120_000 } });
