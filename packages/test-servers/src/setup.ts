import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type BackendName, findPrograms, isBackendName, MissingProgramError } from './find-programs.ts';
import { guardFolder } from './guard.ts';
import { startMariaDb } from './start-maria-db.ts';
import { startNatsServer } from './start-nats-server.ts';
import type { TestServer } from './test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for servers, and the folder for their files. */
    readonly testServers: { readonly url: string; readonly folder: string };
  }
}

/** What a test file is told that asks for a server. */
export type BackendAnswer = { readonly url: string } | { readonly missing: string };

/** A browser is no server: each test file starts its own. */
type ServerName = Exclude<BackendName, 'chromium'>;

const OWN_SERVERS: Record<ServerName, { variable: string; start: () => Promise<TestServer> }> = {
  nats: { variable: 'TEST_NATS_URL', start: startNatsServer },
  mariadb: { variable: 'TEST_DATABASE_URL', start: startMariaDb },
};

/**
 * Vitest's global setup. It starts nothing by itself: the first test file that asks for a server has it started, once
 * for the whole run, so that a run that needs none costs nothing.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Tests load onnxruntime themselves too, which reports to its makers unless told not to.
  process.env.ORT_DISABLE_TELEMETRY ||= '1';
  const folder = mkdtempSync(join(tmpdir(), 'vindima-tests-'));
  const releaseFolder = guardFolder(folder);
  const started: Partial<Record<ServerName, Promise<TestServer>>> = {};

  const answers: Record<string, (name: BackendName) => Promise<BackendAnswer>> = {
    // A server that the whole run shares.
    shared: async (name) => {
      if (name === 'chromium') throw new Error('A browser is not shared.');
      const { variable, start } = OWN_SERVERS[name];
      const given = process.env[variable];
      if (given) return { url: given };
      started[name] ??= start();
      return { url: (await started[name]).url };
    },
    // Whether a test file can start a server of its own.
    own: async (name) => {
      await findPrograms(name);
      return { url: '' };
    },
  };

  const server = createServer((request, response) => {
    const [, kind = '', name = ''] = (request.url ?? '').split('/');
    const answer = answers[kind];
    if (answer === undefined || !isBackendName(name)) {
      response.writeHead(404).end();
      return;
    }
    answer(name).then(
      (found) => response.end(JSON.stringify(found)),
      (error: unknown) => {
        if (error instanceof MissingProgramError) response.end(JSON.stringify({ missing: error.message }));
        else response.writeHead(500).end(error instanceof Error ? error.message : String(error));
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  project.provide('testServers', { url: `http://127.0.0.1:${port}`, folder });

  return async () => {
    server.closeAllConnections();
    server.close();
    const servers = await Promise.allSettled(Object.values(started));
    await Promise.all(servers.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.stop() : undefined)));
    await releaseFolder();
  };
}
