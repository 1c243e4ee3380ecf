import multipart from '@fastify/multipart';
import { ServiceError } from '@vindima/contracts';
import type { App } from '@vindima/service-kit';

/** Bodies besides JSON: the picture itself, whatever its declared type, and multipart. */
export const registerBodyParsers = async (app: App, maximumFileBytes: number): Promise<void> => {
  for (const type of [/^image\//, 'application/octet-stream']) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }
  await app.register(multipart, {
    limits: { fileSize: maximumFileBytes, files: 1000, fields: 20, fieldSize: 1024, parts: 1020, headerPairs: 50 },
  });
};

/** The largest body that can hold a file of `maximumFileBytes`: as base64, and something around it. */
export const largestBody = (maximumFileBytes: number): number => Math.ceil((maximumFileBytes * 4) / 3) + 64 * 1024;

/** What the multipart parser throws for too much, in the service's own words. */
export const asServiceError = (error: unknown): unknown => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'FST_REQ_FILE_TOO_LARGE') return new ServiceError(413, 'images.too_large', 'The file is too large.');
  if (code.startsWith('FST_')) return error;
  const isBroken = error instanceof Error && /multipart|form|boundary|part/i.test(error.message);
  return isBroken && !(error instanceof ServiceError)
    ? new ServiceError(400, 'images.malformed_multipart', 'The multipart body is broken or cut short.', {
        cause: error,
      })
    : error;
};
