import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '@vindima/contracts';
import { ZipFile } from 'yazl';
import type { Session } from '../../engine/session.ts';
import { identifier } from '../../engine/sql.ts';
import { countRows, rowColumn, type Table } from '../../steps/table.ts';
import { readChunks } from '../chunks.ts';
import { cell, escapedXml, style } from './cells.ts';
import { sheetEnd, sheetStart, workbookParts } from './parts.ts';

/** Rows of a worksheet, the heading among them. */
const maximumRows = 1_048_576;
const maximumText = 32_767;

/**
 * Writes an Excel workbook (.xlsx), streaming: neither a sheet nor its XML is ever whole in memory. More rows than a sheet
 * holds go on to further sheets, each with the heading.
 * @throws 422 `datasets.text_too_long` for text that no cell can hold
 */
export const writeExcel = async (session: Session, table: Table, output: string): Promise<void> => {
  await refuseLongText(session, table);
  const rows = await countRows(session, table);
  const rowsPerSheet = maximumRows - 1;
  const sheets = Math.max(1, Math.ceil(rows / rowsPerSheet));
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(workbookParts(sheets))) archive.addBuffer(Buffer.from(content), name);
  const heading = `<row>${table.columns.map(({ name }) => `<c t="inlineStr" s="${style.heading}"><is><t xml:space="preserve">${escapedXml(name)}</t></is></c>`).join('')}</row>`;
  const written = pipeline(archive.outputStream, createWriteStream(output));
  for (let sheet = 0; sheet < sheets; sheet += 1) {
    const from = sheet * rowsPerSheet;
    const where = sheets === 1 ? '' : `WHERE ${rowColumn} >= ${from} AND ${rowColumn} < ${from + rowsPerSheet}`;
    const query = `SELECT '<row>' || ${table.columns.map(cell).join(' || ')} || '</row>' FROM ${table.relation} ${where}`;
    archive.addReadStreamLazy(`xl/worksheets/sheet${sheet + 1}.xml`, { compressionLevel: 1 }, (take) => {
      // One piece ahead of the compression; the default for such a stream is sixteen, a megabyte each.
      take(null, Readable.from(sheetXml(session, heading, query), { highWaterMark: 1 }));
    });
  }
  // A part that fails ends the archive's stream with its error.
  archive.on('error', (error: Error) => archive.outputStream.emit('error', error));
  archive.end();
  await written;
};

async function* sheetXml(session: Session, heading: string, query: string): AsyncGenerator<string> {
  yield sheetStart(heading);
  for await (const [rows = []] of readChunks(session, query)) yield rows.join('');
  yield sheetEnd;
}

const refuseLongText = async (session: Session, table: Table): Promise<void> => {
  const texts = table.columns.filter(({ type }) => type === 'string' || type === 'json');
  if (texts.length === 0) return;
  const lengths = texts.map(({ name }, index) => `max(length(CAST(${identifier(name)} AS VARCHAR))) AS l${index}`);
  const row = await session.row(`SELECT ${lengths.join(', ')} FROM ${table.relation}`);
  const long = texts.find((_, index) => Number(row[`l${index}`] ?? 0) > maximumText);
  if (long === undefined) return;
  throw new ServiceError(
    422,
    'datasets.text_too_long',
    `Column ${JSON.stringify(long.name)} holds text longer than ${maximumText} characters, which no cell of Excel can hold; choose another format.`,
    {
      details: { column: long.name, maximum: maximumText },
    },
  );
};
