import { defineProject } from 'vitest/config';

// Every start loads a model: on a busy machine that takes its time.
export default defineProject({ test: { testTimeout: 60_000, hookTimeout: 60_000 } });
