import { createServer } from 'node:http';
import { Readable } from 'node:stream';

// A service that takes any upload, says how long it was, and sends as many bytes as its path asks for.
const block = Buffer.alloc(64 * 1024, 'vindima ');

function* blocks(bytes: number) {
  for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block;
}

createServer((request, response) => {
  const bytes = Number(/^\/api\/download\/(\d+)$/.exec(request.url ?? '')?.[1] ?? 0);
  if (bytes > 0) {
    response.setHeader('content-length', bytes);
    Readable.from(blocks(bytes), { objectMode: false }).pipe(response);
    return;
  }
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  request.on('end', () => response.end(JSON.stringify({ size })));
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
