import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';

/** Serves one file at every path, as a web server would; `close` ends it. */
export const serveFile = async (path: string) => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' });
    createReadStream(path).pipe(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/eurofxref-hist.csv`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
