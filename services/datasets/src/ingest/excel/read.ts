import { stat } from 'node:fs/promises';
import type { UploadOptions } from '@vindima/contracts';
import type { Session } from '../../engine/session.ts';
import { columnNames } from '../column-names.ts';
import { unreadable } from '../refuse.ts';
import { createRowSink, type RowSink, sinkTable } from '../row-sink.ts';
import type { TableSource } from '../table-source.ts';
import { decideTypedColumns } from '../typed-columns.ts';
import type { Warnings } from '../warnings.ts';
import { readNumberMeanings } from './formats.ts';
import { openPackage } from './package.ts';
import { readSheet } from './read-sheet.ts';
import { readSharedStrings } from './shared-strings.ts';
import { readWorkbook, type Sheet } from './workbook.ts';

/**
 * Reads one worksheet of an Excel workbook (.xlsx, .xlsm): the one that `options.sheet` names, by name or by number from 0,
 * else the first that has cells. Its first row names the columns if it has a text for each of them.
 */
export const readExcel = async (
  session: Session,
  path: string,
  options: UploadOptions,
  warnings: Warnings,
): Promise<TableSource> => {
  const { size } = await stat(path);
  const archive = await openPackage(path, size, session.limits);
  try {
    const workbook = await readWorkbook(archive);
    const strings =
      workbook.sharedStrings !== undefined && archive.has(workbook.sharedStrings)
        ? await readSharedStrings(archive, workbook.sharedStrings, session.limits)
        : [];
    const meanings =
      workbook.styles !== undefined && archive.has(workbook.styles)
        ? await readNumberMeanings(archive, workbook.styles)
        : [];
    const sink = await createRowSink(session);
    let chosen: Sheet | undefined;
    for (const sheet of wantedSheets(workbook.sheets, options.sheet)) {
      chosen = sheet;
      await readSheet(archive, sheet.part, { strings, meanings, date1904: workbook.date1904 }, sink, warnings);
      if (sink.rows > 0) break;
    }
    await sink.finish();
    if (sink.rows === 0 || chosen === undefined) {
      throw unreadable('empty', 'The workbook has no cells with values.', {
        sheets: workbook.sheets.map(({ name }) => name),
      });
    }
    if (workbook.sheets.length > 1 && options.sheet === undefined) {
      warnings.add({
        code: 'other_sheets',
        message: `Only the sheet ${JSON.stringify(chosen.name)} of ${workbook.sheets.length} was read`,
      });
    }
    const places = usedColumns(sink);
    const header = options.header ?? hasHeader(sink, places);
    const names = columnNames(
      places.map((place) => (header ? sink.firstRow[place] : undefined)),
      warnings,
    );
    const relation = header ? `(SELECT * FROM ${sinkTable} WHERE rowid > 0)` : sinkTable;
    const columns = await decideTypedColumns(
      session,
      relation,
      places.map((place, index) => ({
        name: names[index] ?? '',
        column: `c${place}`,
        kinds: sink.kinds(place, header ? 1 : 0),
      })),
      false,
      warnings,
    );
    return {
      relation,
      columns,
      dialect: {
        header,
        sheet: chosen.name,
        sheets: workbook.sheets.slice(0, 100).map(({ name }) => name),
        date_system: workbook.date1904 ? 1904 : 1900,
      },
    };
  } finally {
    archive.close();
  }
};

const wantedSheets = (sheets: readonly Sheet[], wanted: string | undefined): readonly Sheet[] => {
  if (wanted === undefined) return sheets;
  const named =
    sheets.find(({ name }) => name === wanted) ?? (/^\d+$/.test(wanted) ? sheets[Number(wanted)] : undefined);
  if (named !== undefined) return [named];
  throw unreadable('unknown_sheet', `The workbook has no sheet ${JSON.stringify(wanted)}.`, {
    sheets: sheets.map(({ name }) => name),
  });
};

/** The columns from the first to the last that have a value. */
const usedColumns = (sink: RowSink): number[] => {
  const all = Array.from({ length: sink.width }, (_, place) => place);
  const first = all.findIndex((place) => sink.kinds(place, 0).size > 0);
  return all.slice(Math.max(0, first));
};

/** Workbooks are typed: where the first row has a text for every column, each different, it names them. */
const hasHeader = (sink: RowSink, places: readonly number[]): boolean => {
  const first = places.map((place) => sink.firstRow[place]);
  if (first.some((text) => text === undefined) || new Set(first).size < first.length) return false;
  return places.every((place) => {
    const all = sink.kinds(place, 0).get('string') ?? 0;
    const below = sink.kinds(place, 1).get('string') ?? 0;
    return all === below + 1;
  });
};
