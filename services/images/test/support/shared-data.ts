import { fileURLToPath } from 'node:url';

/** Real data beside the repository; tests that use it are skipped where it is absent. */
export const sharedData =
  process.env.SHARED_DATA_DIR ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
