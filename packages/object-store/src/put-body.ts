import { Readable } from 'node:stream';

/**
 * Runs a put so that it treats its body the same in every store: a stream is used up or destroyed, also when the put
 * is refused before it was read; the stream's own error is what the caller gets; and so is the signal's reason.
 */
export async function guardBody<Result>(
  body: Uint8Array | Readable,
  signal: AbortSignal | undefined,
  put: () => Promise<Result>,
): Promise<Result> {
  if (!(body instanceof Readable)) {
    signal?.throwIfAborted();
    return put().catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
  }
  const source: { error?: Error } = {};
  // Stays for good: an error that comes after the put gave up must not end the process.
  body.on('error', (error) => {
    source.error ??= error;
  });
  try {
    signal?.throwIfAborted();
    return await put();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw source.error ?? error;
  } finally {
    body.destroy();
  }
}
