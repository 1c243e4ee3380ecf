import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { guardFolder } from './guard.ts';
import { type ServerCommand, ServerProcess } from './server-process.ts';

/** A server that belongs to whoever started it: to be killed and restarted as the test likes. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Where it keeps everything. */
  readonly folder: string;
  /** Ends the process, SIGKILL unless told, and resolves when it is gone; its data stay. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it on the same port with the same data, after killing it where it still runs. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it for good and removes its data. */
  stop(): Promise<void>;
}

export interface ServerRecipe {
  readonly name: string;
  url(port: number): string;
  /** Prepares the folder and says how to start the server in it. */
  prepare(folder: string, port: number): Promise<ServerCommand>;
}

/** Starts a server by its recipe, in a temporary folder on a free port. */
export async function startTestServer(recipe: ServerRecipe, parent = tmpdir()): Promise<TestServer> {
  const folder = mkdtempSync(join(parent, `vindima-${recipe.name}-`));
  const release = guardFolder(folder);
  try {
    const port = await freePort();
    const server = new ServerProcess(await recipe.prepare(folder, port));
    await server.start();
    const kill = (signal: NodeJS.Signals = 'SIGKILL') => server.kill(signal);
    return {
      url: recipe.url(port),
      port,
      folder,
      kill,
      restart: async (signal) => {
        await kill(signal);
        await server.start();
      },
      stop: async () => {
        await kill();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
