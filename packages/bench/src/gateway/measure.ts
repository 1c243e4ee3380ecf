import { Client, Pool } from 'undici';

export interface Request {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const ask = async (client: Client | Pool, { method, path, headers, body }: Request) => {
  const answer = await client.request({ method, path, headers, body: body ?? null });
  if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${await answer.body.text()}`);
  await answer.body.dump({ limit: Number.MAX_SAFE_INTEGER });
};

/** Milliseconds that half of the requests take at most, one after another on one connection. */
export const latency = async (url: string, request: Request, count: number): Promise<number> => {
  const client = new Client(url);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const begun = performance.now();
    await ask(client, request);
    times.push(performance.now() - begun);
  }
  await client.close();
  return median(times);
};

/** Requests per second, many at once. */
export const throughput = async (
  url: string,
  request: Request,
  connections: number,
  milliseconds: number,
): Promise<number> => {
  const pool = new Pool(url, { connections });
  const begun = performance.now();
  const end = begun + milliseconds;
  let done = 0;
  const work = async () => {
    while (performance.now() < end) {
      await ask(pool, request);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  const seconds = (performance.now() - begun) / 1000;
  await pool.close();
  return done / seconds;
};

export { median };
