import { createServer } from 'node:http';
import { Pool } from 'undici';

// The least that a proxy in Node can do: Node's server, undici's dispatch, and none of what the gateway is for.
const services = new Map(
  Object.entries(JSON.parse(process.env.SERVICES ?? '{}') as Record<string, string>).map(
    ([path, url]) => [path, new Pool(url)] as const,
  ),
);

createServer((request, response) => {
  const { url = '/', method = 'GET' } = request;
  const pool = services.get(url.split('?', 1)[0] ?? url);
  if (pool === undefined) {
    response.end();
    return;
  }
  const { connection: _, ...headers } = request.headers;
  const send = (body: Buffer | null) =>
    pool.dispatch(
      { path: url, method: method as 'GET', headers, body },
      {
        onRequestStart: () => {},
        onResponseStart: (_controller, status, { connection, 'keep-alive': _keepAlive, ...rest }) =>
          response.writeHead(status, rest),
        onResponseData: (_controller, chunk) => response.write(chunk),
        onResponseEnd: () => response.end(),
        onResponseError: (_controller, error) => response.destroy(error),
      },
    );
  if (method === 'GET') send(null);
  else request.once('data', send);
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
