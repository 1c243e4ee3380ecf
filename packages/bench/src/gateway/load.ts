import { connect } from 'node:net';
import { createAnswerReader } from './answer-reader.ts';

export interface Load {
  readonly url: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Each sends its next request when the answer to the last one is there. */
  readonly connections: number;
  readonly milliseconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds that half of the requests took at most. */
  readonly p50: number;
  /** Of this process. */
  readonly cpuSeconds: number;
  /** Of the body of the last answer. */
  readonly bytes: number;
}

const requestOf = ({ url, method, path, headers, body }: Load) => {
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${new URL(url).host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...length,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
};

const run = async (load: Load): Promise<LoadResult> => {
  const { hostname, port } = new URL(load.url);
  const request = requestOf(load);
  const times: number[] = [];
  let bytes = 0;
  const before = process.cpuUsage();
  const begun = performance.now();
  const end = begun + load.milliseconds;
  const connection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port: Number(port), host: hostname, noDelay: true });
      const reader = createAnswerReader();
      let sent = 0;
      const send = () => {
        sent = performance.now();
        socket.write(request);
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`${load.url} closed the connection`)));
      socket.on('data', (chunk) => {
        const answer = reader.take(chunk);
        if (answer === undefined) return;
        const now = performance.now();
        times.push(now - sent);
        bytes = answer.bytes;
        if (answer.status >= 300) return reject(new Error(`${load.path}: ${answer.status}`));
        if (now < end) return send();
        socket.end();
        resolve();
      });
    });
  await Promise.all(Array.from({ length: load.connections }, connection));
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const p50 = times[Math.floor(times.length / 2)] ?? Number.NaN;
  return { requests: times.length, seconds, p50, cpuSeconds: (user + system) / 1e6, bytes };
};

process.on('message', async (load: Load) => {
  process.send?.(await run(load));
});
process.on('disconnect', () => process.exit(0));
