import type { Replica, Replicas } from './replicas.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const maximumBytes = 8 * 1024 * 1024;

/** Asks a replica for JSON, bounded in time and size. @throws when it does not answer, or not with JSON */
export const askReplica = async (
  { pool, host }: Replica,
  path: string,
  options: { internalToken: string | undefined; timeoutMs: number },
): Promise<Answer> => {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const headers = {
    host,
    ...(options.internalToken === undefined ? {} : { 'x-internal-token': options.internalToken }),
  };
  const { statusCode, body } = await pool.request({ path, method: 'GET', headers, signal });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBytes) throw new Error(`its answer to ${path} is larger than ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  return { status: statusCode, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
};

/** Asks the replicas of a service one after another. @returns the first 200's body, undefined when none gives it */
export const askService = async (
  replicas: Replicas,
  path: string,
  options: { internalToken: string | undefined; timeoutMs: number },
): Promise<unknown> => {
  for (const replica of replicas.all()) {
    try {
      const { status, body } = await askReplica(replica, path, options);
      if (status === 200) return body;
    } catch {
      // The next one may; that none does is what the caller shows.
    }
  }
  return undefined;
};
