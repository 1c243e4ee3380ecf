import { join } from 'node:path';
import { findPrograms } from './find-programs.ts';
import { greets } from './greets.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** Starts a nats-server with JetStream. Its streams survive `kill` and `restart`. */
export async function startNatsServer(): Promise<TestServer> {
  const { programs, environment } = await findPrograms('nats');
  const { 'nats-server': program } = programs;
  return startTestServer({
    name: 'nats',
    url: (port) => `nats://127.0.0.1:${port}`,
    prepare: async (folder, port) => ({
      folder,
      program,
      environment,
      arguments: [
        '--addr',
        '127.0.0.1',
        '--port',
        String(port),
        '--jetstream',
        '--store_dir',
        join(folder, 'jetstream'),
      ],
      isReady: () => greets(port, (data) => data.toString('latin1').startsWith('INFO ')),
    }),
  });
}
