import { askBackend } from './ask-backend.ts';
import type { BackendName } from './find-programs.ts';

/**
 * Whether a suite can start servers of its own (`startNatsServer`, `startMariaDb`):
 * `describe.skipIf(!(await canStart('nats')))`. Where it cannot, the file gets a skipped suite that says so.
 */
export async function canStart(name: BackendName): Promise<boolean> {
  return (await askBackend('own', name)) !== undefined;
}
