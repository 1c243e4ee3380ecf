import { Readable } from 'node:stream';

/**
 * Cuts a body into parts of one size; only the last is smaller. An empty body has no part. Holds one part at a time.
 * @param partBytes - the size.
 */
export async function* partsOf(body: Uint8Array | Readable, partBytes: number): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) {
    for (let start = 0; start < body.byteLength; start += partBytes) yield body.subarray(start, start + partBytes);
    return;
  }
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    let rest: Buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    while (bytes + rest.byteLength >= partBytes) {
      const taken = partBytes - bytes;
      yield Buffer.concat([...chunks, rest.subarray(0, taken)], partBytes);
      rest = rest.subarray(taken);
      chunks = [];
      bytes = 0;
    }
    if (rest.byteLength > 0) chunks.push(rest);
    bytes += rest.byteLength;
  }
  if (bytes > 0) yield Buffer.concat(chunks, bytes);
}
