import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface S3Server {
  readonly endpoint: string;
  /** As an administrator would, behind the store's back. */
  removeBucket(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an empty S3 server on a free port, and sets the credentials that it takes for this process. */
export async function startS3Server(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 's3-server-'));
  await mkdir(join(folder, 'buckets'));
  const script = fileURLToPath(new URL('s3-server.ts', import.meta.url));
  const server = spawn(process.execPath, ['--openssl-legacy-provider', script, join(folder, 'buckets')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  const listening = once(createInterface({ input: server.stdout }), 'line');
  const died = ended.then(([code]) => {
    throw new Error(`The S3 server ended with ${code} instead of listening`);
  });
  const [port] = await Promise.race([listening, died]);
  died.catch(() => {});
  process.env.AWS_ACCESS_KEY_ID = 'S3RVER';
  process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
  return {
    endpoint: `http://127.0.0.1:${port}`,
    removeBucket: (name) => rm(join(folder, 'buckets', name), { recursive: true }),
    stop: async () => {
      server.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
