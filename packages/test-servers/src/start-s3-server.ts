import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accepts } from './accepts.ts';
import { startTestServer, type TestServer } from './test-server.ts';

export interface S3Server extends TestServer {
  /** As an administrator would, behind the back of whoever uses it. */
  removeBucket(name: string): Promise<void>;
}

const script = fileURLToPath(new URL('s3/s3-server.ts', import.meta.url));

/** Starts an empty S3 server (`url` is its endpoint), and sets the credentials that it takes for this process. */
export async function startS3Server(): Promise<S3Server> {
  let buckets = '';
  const server = await startTestServer({
    name: 's3',
    url: (port) => `http://127.0.0.1:${port}`,
    prepare: async (folder, port) => {
      buckets = join(folder, 'buckets');
      await mkdir(buckets);
      return {
        folder,
        program: process.execPath,
        arguments: ['--openssl-legacy-provider', script, buckets, String(port)],
        isReady: () => accepts(port),
      };
    },
  });
  process.env.AWS_ACCESS_KEY_ID = 'S3RVER';
  process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
  return { ...server, removeBucket: (name) => rm(join(buckets, name), { recursive: true }) };
}
