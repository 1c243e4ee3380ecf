import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real files, beside the repository; tests that need them are skipped where they are not. */
export const sharedData =
  process.env.SHARED_DATA_DIR ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

/** Whether this part of it is there: files are looked for while tests are collected, also those that will be skipped. */
export const hasSharedData = (path: string): boolean => existsSync(join(sharedData, path));
