import { open } from 'node:fs/promises';

const size = 2 ** 20;

/**
 * The bytes of a file, piece by piece, in one buffer: a piece is overwritten by the next. Streams make a buffer for each,
 * and many of them would still be in memory when DuckDB begins to need it.
 */
export async function* readPieces(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(size);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, size);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
