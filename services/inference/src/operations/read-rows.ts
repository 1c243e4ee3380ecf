import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { type InferenceSignature, ServiceError } from '@vindima/contracts';
import { parse } from 'csv-parse';
import { createCsvRowReader } from '../classify/read-csv-row.ts';
import type { Ports } from '../ports.ts';

/** The rows of a request for several; undefined when it is one row. */
export const rowsIn = (body: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(body)) return body;
  if (typeof body !== 'object' || body === null || !('rows' in body)) return undefined;
  const { rows } = body;
  return Array.isArray(rows) && Object.keys(body).length === 1 ? rows : undefined;
};

const signatureOf = async ({ registry }: Ports, model: string): Promise<InferenceSignature> => {
  const lease = await registry.lease(model);
  lease.release();
  return lease.signature;
};

/** Gives names to rows that are lists: those of the features, in their order. One list of values is a row too. */
export const rowsWithoutNames = async (
  ports: Ports,
  model: string,
  rows: readonly unknown[],
): Promise<readonly unknown[]> => {
  if (!rows.some((row) => typeof row !== 'object' || row === null || Array.isArray(row))) return rows;
  const { features } = await signatureOf(ports, model);
  if (features === null) {
    throw new ServiceError(422, 'inference.not_tabular', 'A row of this model is not flat: send it with names.');
  }
  const lists = rows.some(Array.isArray) ? rows : [rows];
  return lists.map((row) => {
    if (!Array.isArray(row)) return row;
    const named = Object.fromEntries(features.map(({ name }, index) => [name, row[index]]));
    // A value beyond the features is refused by name where the row is read.
    return row.length > features.length ? { ...named, [`value ${features.length + 1}`]: row[features.length] } : named;
  });
};

/** Of a row of CSV, in characters. */
const longestRow = 1024 * 1024;
const pieceLength = 64 * 1024;

/** A text piece by piece, with a turn for other requests after each. */
async function* pieces(text: string): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += pieceLength) {
    yield text.slice(start, start + pieceLength);
    await turn();
  }
}

/** Reads CSV with a header. A cell without anything is `null`; `""` is the empty text. */
export const readRowsOfCsv = async (
  ports: Ports,
  model: string,
  text: string,
  extra: 'refuse' | 'ignore' | undefined,
): Promise<readonly unknown[]> => {
  const signature = await signatureOf(ports, model);
  const rows: unknown[] = [];
  let read: ReturnType<typeof createCsvRowReader> | undefined;
  // One for the header, and one that tells of too many.
  const maximum = ports.context.config.INFERENCE_MAXIMUM_ROWS + 2;
  try {
    const parser = Readable.from(pieces(text)).pipe(
      parse({
        bom: true,
        trim: true,
        skip_empty_lines: true,
        // A row of another length than the header fails alone.
        relax_column_count: true,
        cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
        max_record_size: longestRow,
        to: maximum,
      }),
    );
    for await (const record of parser) {
      const cells = record as (string | null)[];
      if (read === undefined)
        read = createCsvRowReader(
          signature,
          cells.map((cell) => cell ?? ''),
          extra,
        );
      else rows.push(read(cells));
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError(422, 'inference.invalid_csv', `The CSV cannot be read: ${reason}.`);
  }
  return rows;
};
