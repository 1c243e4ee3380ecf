import { isNoSpace, noSpace, ServiceError } from '@vindima/contracts';

const longest = 500;
// Paths are ours, not the caller's to see.
const withoutPaths = (message: string) => message.replace(/(\/[\w.@~+-]+){2,}/g, 'the file');

/** What an error says to somebody who knows the file and not our reader: without its stack, its hints and our SQL. */
const reasonOf = (message: string): string => {
  const lines = message.split('\n').map((line) => line.trim());
  // What is wrong with a line of CSV stands below the first line of the message.
  const csv = /^Invalid Input Error: CSV Error on Line: (\d+)/.exec(lines[0] ?? '');
  if (csv !== null) {
    const what = lines.slice(1).find((line) => line !== '' && !/^(Original Line|Possible fixes)/i.test(line));
    return `${what ?? 'a row is not well formed'} (line ${csv[1]})`.slice(0, longest);
  }
  const plain = (lines[0] ?? '').replace(
    /^(INTERNAL|Invalid|Invalid Input|IO|Serialization|TProtocolException\S*) Error: /i,
    '',
  );
  return withoutPaths(plain).slice(0, longest);
};

/**
 * Turns an error of DuckDB or of a parser into one for the caller. What DuckDB says of data (conversion, invalid input,
 * corrupt files, memory) is the caller's to know; what it says of our SQL (parser, binder, catalog) is a defect. While a file
 * is read (`reading`), an assertion that fails inside DuckDB is the file's doing too.
 */
export const describeFailure = (error: unknown, reading = false): ServiceError => {
  const message = error instanceof Error ? error.message : String(error);
  const reason = reasonOf(message);
  if (isNoSpace(error)) return noSpace('datasets', error);
  if (/^Out of Memory Error|failed to allocate|max_temp_directory_size|Cannot create a string longer/i.test(message)) {
    return new ServiceError(422, 'datasets.too_much_memory', 'The table needs more memory than one request may take.', {
      details: { reason },
      cause: error,
    });
  }
  if (reading && /encrypt|crypto_metadata/i.test(message)) {
    return new ServiceError(
      422,
      'datasets.encrypted',
      'The file, or a column of it, is encrypted; upload it decrypted.',
      {
        details: { reason },
        cause: error,
      },
    );
  }
  const isOurs = reading
    ? /^(Parser|Binder|Catalog|Permission) Error/i
    : /^(Parser|Binder|Catalog|Permission|INTERNAL|FATAL) Error/i;
  if (isOurs.test(message) || isDefect(error)) {
    return new ServiceError(500, 'datasets.internal', 'Something went wrong inside; the log has more.', {
      details: { reason, stack: error instanceof Error ? (error.stack ?? '') : '' },
      cause: error,
    });
  }
  return new ServiceError(422, 'datasets.unreadable', `The table cannot be read: ${reason}`, { cause: error });
};

const isDefect = (error: unknown) => error instanceof TypeError || error instanceof ReferenceError;
