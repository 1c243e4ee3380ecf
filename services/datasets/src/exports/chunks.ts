import { DuckDBBlobValue } from '@duckdb/node-api';
import type { Session } from '../engine/session.ts';

/** Columns of up to 2,048 rows: null, boolean, number, bigint, string or bytes. */
export type Chunk = readonly (readonly unknown[])[];

/** Streams what a query of simple types selects, in order, holding one chunk at a time. */
export async function* readChunks(session: Session, query: string): AsyncGenerator<Chunk> {
  const result = await session.connection.stream(query);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk
      .getColumns()
      .map((column) => column.map((value) => (value instanceof DuckDBBlobValue ? value.bytes : value)));
  }
}
