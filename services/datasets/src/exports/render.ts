import { stat } from 'node:fs/promises';
import type { DownloadFormat } from '@vindima/contracts';
import type { Session } from '../engine/session.ts';
import { identifier } from '../engine/sql.ts';
import { writeTable } from '../engine/write-table.ts';
import { openTable } from '../steps/table.ts';
import { writeArrow } from './arrow.ts';
import { writeAvro } from './avro.ts';
import { writeCsv } from './csv.ts';
import { writeExcel } from './excel/write.ts';
import { writeJson } from './json.ts';

export interface RenderInput {
  /** The stored table. */
  readonly path: string;
  readonly format: DownloadFormat;
  readonly escapeFormulas: boolean;
  /** CSV: whether the first line holds the names; default: yes. */
  readonly header?: boolean | undefined;
  /** CSV: columns whose whole numbers have a fraction. */
  readonly floats?: readonly string[] | undefined;
  readonly output: string;
}

/** Writes a stored table in another format; answers the bytes of the file, and how many formulas were made harmless. */
export const render = async (
  session: Session,
  { path, format, escapeFormulas, header = true, floats = [], output }: RenderInput,
): Promise<{ bytes: number; escaped: number }> => {
  let escaped = 0;
  const table = await openTable(session, path);
  switch (format) {
    case 'csv':
      escaped = await writeCsv(session, table, output, { escapeFormulas, header, floats });
      break;
    case 'json':
      await writeJson(session, table, output, false);
      break;
    case 'ndjson':
      await writeJson(session, table, output, true);
      break;
    case 'excel':
      await writeExcel(session, table, output);
      break;
    case 'avro':
      await writeAvro(session, table, output);
      break;
    case 'arrow':
      await writeArrow(session, table, output);
      break;
    case 'parquet':
      await writeTable(
        session,
        `SELECT ${table.columns.map(({ name }) => identifier(name)).join(', ')} FROM ${table.relation}`,
        output,
      );
      break;
  }
  return { bytes: (await stat(output)).size, escaped };
};
