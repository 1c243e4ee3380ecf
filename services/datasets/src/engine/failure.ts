import { isNoSpace, noSpace, ServiceError } from '@vindima/contracts';

const firstLine = (message: string) => (message.split('\n', 1)[0] ?? '').slice(0, 500);
// Paths are ours, not the caller's to see.
const withoutPaths = (message: string) => message.replace(/(\/[\w.@~+-]+){2,}/g, 'the file');

/**
 * Turns an error of DuckDB or of a parser into one for the caller. What DuckDB says of data (conversion, invalid input,
 * corrupt files, memory) is the caller's to know; what it says of our SQL (parser, binder, catalog, internal) is a defect.
 */
export const describeFailure = (error: unknown): ServiceError => {
  const message = error instanceof Error ? error.message : String(error);
  const reason = withoutPaths(firstLine(message));
  if (isNoSpace(error)) return noSpace('datasets', error);
  if (/^Out of Memory Error|failed to allocate|max_temp_directory_size|Cannot create a string longer/i.test(message)) {
    return new ServiceError(422, 'datasets.too_much_memory', 'The table needs more memory than one request may take.', {
      details: { reason },
      cause: error,
    });
  }
  if (/^(Parser|Binder|Catalog|Permission|INTERNAL|FATAL) Error/i.test(message) || isDefect(error)) {
    return new ServiceError(500, 'datasets.internal', 'Something went wrong inside; the log has more.', {
      details: { reason, stack: error instanceof Error ? (error.stack ?? '') : '' },
      cause: error,
    });
  }
  return new ServiceError(422, 'datasets.unreadable', `The table cannot be read: ${reason}`, { cause: error });
};

const isDefect = (error: unknown) => error instanceof TypeError || error instanceof ReferenceError;
