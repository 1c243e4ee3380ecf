import { stat } from 'node:fs/promises';
import { ServiceError, type UploadOptions } from '@vindima/contracts';
import type { Session } from '../../engine/session.ts';
import { identifier } from '../../engine/sql.ts';
import { columnNames } from '../column-names.ts';
import { headerOptions } from '../layout/header-options.ts';
import { unreadable } from '../refuse.ts';
import { createRowSink, type RowSink, type SinkCell, sinkTable } from '../row-sink.ts';
import type { TableSource } from '../table-source.ts';
import { decideTypedColumns } from '../typed-columns.ts';
import type { Warnings } from '../warnings.ts';
import { chooseSheet } from './choose-sheet.ts';
import { readNumberMeanings } from './formats.ts';
import { type Area, areaOf, fillMerged, wholeSheet } from './merged-cells.ts';
import { openPackage, type Package } from './package.ts';
import type { SheetContext } from './read-cell.ts';
import { readSheet, type SheetFacts } from './read-sheet.ts';
import { readSharedStrings } from './shared-strings.ts';
import { findTable } from './sheet-layout.ts';
import { readWorkbook, type Workbook } from './workbook.ts';

/**
 * Reads one worksheet of an Excel workbook (.xlsx, .xlsm): the one that `options.sheet` names, else the first that holds a
 * table. Titles above it and notes under it are left out, and said.
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
    const context = await readContext(archive, workbook, session);
    const chosen = await chooseSheet(archive, workbook.sheets, options.sheet, context);
    const sink = await createRowSink(session);
    const facts: SheetFacts =
      chosen === undefined
        ? { rowNumbers: [], merged: [] }
        : await readSheet(archive, chosen.part, { ...context, area: areaOption(options) }, sink, warnings);
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
    const table = findTable(sink, facts, headerOptions(options), warnings);
    await fillMerged(sink, facts, table.body, valueIn(session, sink), warnings);
    const names = columnNames(table.names, warnings);
    const left = [...table.left];
    const relation =
      left.length === 0 ? sinkTable : `(SELECT * FROM ${sinkTable} WHERE rowid NOT IN (${left.join(', ')}))`;
    const columns = await decideTypedColumns(
      session,
      relation,
      table.places.map((place, index) => ({
        name: names[index] ?? '',
        column: `c${place}`,
        kinds: sink.kinds(place, table.left),
      })),
      false,
      warnings,
    );
    return {
      relation,
      columns,
      dialect: {
        header: table.header,
        sheet: chosen.name,
        sheets: workbook.sheets.slice(0, 100).map(({ name }) => name),
        date_system: workbook.date1904 ? 1904 : 1900,
      },
    };
  } finally {
    archive.close();
  }
};

/** The cells that an uploader wants: of a range, or below so many rows. */
const areaOption = ({ range, skip_rows: skip = 0 }: UploadOptions): Area | undefined => {
  if (range === undefined && skip === 0) return undefined;
  const [area] = range === undefined ? [wholeSheet] : areaOf(range);
  if (area === undefined) {
    throw new ServiceError(400, 'datasets.wrong_option', 'The option range must be such as B3:H200.', {
      details: { option: 'range' },
    });
  }
  return { ...area, row: area.row + skip };
};

const readContext = async (archive: Package, workbook: Workbook, session: Session): Promise<SheetContext> => {
  const { sharedStrings, styles, date1904 } = workbook;
  return {
    strings:
      sharedStrings !== undefined && archive.has(sharedStrings)
        ? await readSharedStrings(archive, sharedStrings, session.limits)
        : [],
    meanings: styles !== undefined && archive.has(styles) ? await readNumberMeanings(archive, styles) : [],
    date1904,
  };
};

/** What a cell of the sink holds. Of rows that are not at hand the kind is that of most values of the column. */
const valueIn =
  (session: Session, sink: RowSink) =>
  async (column: number, row: number): Promise<SinkCell | undefined> => {
    const kept = sink.kept.get(row);
    if (kept !== undefined) return kept[column];
    const found = await session.row(
      `SELECT (SELECT ${identifier(`c${column}`)} FROM ${sinkTable} WHERE rowid = ${row}) AS text`,
    );
    const [kind] = [...sink.kinds(column)].sort((one, other) => other[1] - one[1])[0] ?? [];
    return typeof found.text === 'string' && kind !== undefined ? { text: found.text, kind } : undefined;
  };
