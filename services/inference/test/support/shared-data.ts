import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Real data that is not part of the project; tests that need it are skipped where it is absent. */
export const sharedData = resolve(
  process.env.SHARED_DATA_DIR ?? join(import.meta.dirname, '../../../../../shared/data'),
);

export const hasSharedData = (path: string): boolean => existsSync(join(sharedData, path));
