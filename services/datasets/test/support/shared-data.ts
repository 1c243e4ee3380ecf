import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real files, beside the repository; tests that need them are skipped where they are not. */
export const sharedData =
  process.env.SHARED_DATA_DIR ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

export const hasSharedData = existsSync(sharedData);
