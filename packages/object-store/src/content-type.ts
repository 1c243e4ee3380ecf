const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/**
 * The types that the platform writes. Fixed here rather than taken from a registry: a folder keeps no content type for
 * an object whose name tells it, so a table that changed with an update would change the types of stored objects.
 */
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['arrow', 'application/vnd.apache.arrow.file'],
  ['csv', 'text/csv'],
  ['gz', 'application/gzip'],
  ['html', 'text/html'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['json', 'application/json'],
  ['jsonl', 'application/x-ndjson'],
  ['ndjson', 'application/x-ndjson'],
  ['parquet', 'application/vnd.apache.parquet'],
  ['png', 'image/png'],
  ['txt', 'text/plain'],
  ['webp', 'image/webp'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['zip', 'application/zip'],
]);

/** @returns the content type that a key's extension tells, or `application/octet-stream`. */
export function contentTypeOf(key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return CONTENT_TYPES.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? DEFAULT_CONTENT_TYPE;
}
