import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Session } from '../../engine/session.ts';
import { literal } from '../../engine/sql.ts';
import { unreadable } from '../refuse.ts';
import { readPageHeader } from './page-header.ts';

// Statistics of a page stand in its header, and may be long.
const longestHeader = 65_536;

/**
 * Compares the pages of a Parquet file with their checksums, where they have any: DuckDB reads over them.
 * @throws 422 `datasets.damaged_parquet`
 */
export const verifyChecksums = async (session: Session, path: string): Promise<void> => {
  const chunks = await session.rows(
    `SELECT path_in_schema AS column, coalesce(nullif(dictionary_page_offset, 0), data_page_offset) AS first,
      data_page_offset AS data, total_compressed_size AS size FROM parquet_metadata(${literal(path)})`,
  );
  const file = await open(path);
  try {
    for (const chunk of chunks) {
      const begin = Math.min(Number(chunk.first), Number(chunk.data));
      await verifyChunk(file, String(chunk.column), begin, begin + Number(chunk.size));
    }
  } finally {
    await file.close();
  }
};

const verifyChunk = async (file: FileHandle, column: string, begin: number, end: number): Promise<void> => {
  for (let place = begin; place < end; ) {
    const head = await bytesAt(file, place, Math.min(longestHeader, end - place));
    const header = readPageHeader(head);
    // What this reader does not understand, DuckDB judges; a column whose pages have no checksums has none to compare.
    if (header?.checksum === undefined) return;
    const from = place + header.length;
    if (from + header.size > end) return;
    const page = await bytesAt(file, from, header.size);
    if (page.length !== header.size || crc32(page) !== header.checksum) {
      throw unreadable(
        'damaged_parquet',
        `The Parquet file is damaged: a page of column ${JSON.stringify(column)} does not have its checksum.`,
        {
          column,
          offset: place,
        },
      );
    }
    place = from + header.size;
  }
};

const bytesAt = async (file: FileHandle, place: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, place);
  return buffer.subarray(0, bytesRead);
};
