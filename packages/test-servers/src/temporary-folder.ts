import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** @returns a new, empty folder that is removed at the end of the run. */
export function temporaryFolder(): string {
  return mkdtempSync(join(inject('testServers').folder, 'folder-'));
}
