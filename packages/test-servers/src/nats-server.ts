import { askBackend } from './ask-backend.ts';

/**
 * The NATS server that the whole run shares, with JetStream: `describe.skipIf((await natsServer()) === undefined)`.
 * Suites must take names of their own for streams and subjects.
 *
 * @returns its URL; undefined where it cannot be had, and then the file gets a skipped suite that says so.
 */
export function natsServer(): Promise<string | undefined> {
  return askBackend('shared', 'nats');
}
