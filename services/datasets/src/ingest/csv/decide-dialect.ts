import type { UploadOptions } from '@vindima/contracts';
import type { Limits } from '../../limits.ts';
import { boundColumns } from '../column-names.ts';
import { filledWidth, findLayout } from '../layout/find-layout.ts';
import { isSparse } from '../layout/footer.ts';
import type { LayoutRow } from '../layout/header.ts';
import { headerOptions } from '../layout/header-options.ts';
import { unreadable, wrongType } from '../refuse.ts';
import type { Warnings } from '../warnings.ts';
import { commentedHeader, commentPrefix } from './comments.ts';
import { type CsvDialect, type Scan, usualDelimiters } from './dialect.ts';
import { fitsColumns } from './fits-columns.ts';
import { layoutRow } from './layout-row.ts';
import type { NormalizeOptions } from './normalize.ts';
import { isBlank, readRecords, recordsOf, unclosedQuote } from './records.ts';
import { readSample } from './sample.ts';
import { scanCsv } from './scan.ts';
import { type Sniffed, sniff } from './sniff.ts';
import { type CsvRecord, createTokenizer } from './tokenizer.ts';

/** How a text table is read. */
export interface Decided extends NormalizeOptions {
  /** Whether DuckDB can read the file as it is: all records have as many fields and nothing else stands among them. */
  readonly regular: boolean;
  readonly lineEndings: Scan['lineEndings'];
  /** Of the whole file, where it is regular. */
  readonly records: number;
}

/**
 * Decides dialect and place of a text table: comments first, then what divides the fields, then which rows are its header
 * and its values. The beginning of the file decides, its whole tells whether that holds.
 * @param claimed whether the file says (by its name) that it is CSV; prose that does not is refused with 415
 * @throws 422 `datasets.unclosed_quote` with line and column; 422 `datasets.empty`
 */
export const decideDialect = async (
  path: string,
  options: UploadOptions,
  claimed: boolean,
  limits: Limits,
  warnings: Warnings,
): Promise<Decided> => {
  const { head, tail, whole } = await readSample(path);
  const comment = options.comment ?? commentPrefix(head);
  const sniffed = sniff(head, { ...dialectOptions(options), comment: comment === '' ? undefined : comment });
  refuseProse(sniffed, head, claimed || options.delimiter !== undefined);
  const { dialect } = sniffed;
  const tokenizer = createTokenizer(dialect, sniffed.width);
  const records = tokenizer.push(head, true);
  if (!whole) records.pop();
  else if (tokenizer.open !== undefined) throw unclosedQuote(tokenizer.open);
  if (records.every(isBlank)) throw unreadable('empty', 'The file has no rows.');
  const scan = isSimple(dialect) ? await scanCsv(path, dialect.delimiter, dialect.quote, limits) : undefined;
  let width = scan === undefined || scan.strayQuote ? sniffed.width : usualWidth(scan, sniffed.width);
  const rows = records.map(({ fields }) => layoutRow(fields));
  let layout = findLayout(rows, width, headerOptions(options));
  const header = layout.names === undefined ? undefined : rows[layout.preamble];
  if (header !== undefined && layout.headerRows === 1) {
    if (filledWidth(header) > width) width = filledWidth(header);
    layout = { ...layout, names: namesBeside(header, rows.slice(layout.preamble + 1), width, warnings) };
  } else if (layout.names === undefined && headerOptions(options).header !== false && comment) {
    layout = { ...layout, names: commentedHeader(tokenizer.comments.first, comment, dialect.delimiter, width) };
  }
  boundColumns(width, limits.columns);
  const plain = scan !== undefined && isEven(scan, width) && !(await swallowsRows(path, scan, dialect, width, limits));
  const atTop =
    layout.preamble === 0 && layout.headerRows <= 1 && layout.unitRows === 0 && !isBlank(records[0] ?? { fields: [] });
  return {
    dialect,
    layout,
    width,
    skipFooter: options.skip_footer,
    fits: fitsColumns(rows.slice(layout.preamble + layout.headerRows + layout.unitRows), width),
    regular: plain && atTop && (options.skip_footer ?? 0) === 0 && !endsInNotes(tail, dialect, width),
    records: scan?.records ?? 0,
    lineEndings: scan?.lineEndings ?? lineEndingsOf(head),
  };
};

const dialectOptions = ({ delimiter, quote, escape: escaping, widths }: UploadOptions) => {
  for (const character of [delimiter?.[0], quote, escaping])
    if (character !== undefined && character !== '') checkCharacter(character);
  return { delimiter, quote, escape: escaping, widths };
};

const checkCharacter = (character: string): void => {
  const code = character.codePointAt(0) ?? 0;
  if (character.length === 1 && (code === 9 || (code >= 32 && code < 127))) return;
  throw unreadable('wrong_option', 'Delimiter and quote must be printable ASCII characters, or a tab.', { character });
};

const refuseProse = ({ divided }: Sniffed, text: string, sure: boolean): void => {
  if (divided || sure || !usualDelimiters.some((one) => text.includes(one))) return;
  throw wrongType('not_a_table', 'The file is text, but no delimiter divides its lines into columns.');
};

/** What the fast scanner, and DuckDB, know of. */
const isSimple = ({ delimiter, escape: escaping, quote, skipSpace, comment, places }: CsvDialect): boolean =>
  delimiter.length === 1 && escaping === quote && !skipSpace && comment === undefined && places === undefined;

/** Fields that most records of the whole file have. */
const usualWidth = (scan: Scan, sampled: number): number => {
  const total = [...scan.widths.values()].reduce((sum, count) => sum + count, 0);
  const most = [...scan.widths].find(([width, count]) => width > 1 && count > total / 2);
  return most?.[0] ?? sampled;
};

const isEven = (
  { widths, lineEndings: { lf, crlf, cr }, blank, strayQuote, openQuote, inside, multiline }: Scan,
  width: number,
): boolean =>
  widths.size === 1 &&
  widths.has(width) &&
  cr === 0 &&
  // Line breaks in quotes hide from DuckDB how lines end, unless it is told, which it takes for LF only.
  (crlf === 0 || multiline === 0) &&
  (lf === 0 || crlf === 0) &&
  blank === 0 &&
  !strayQuote &&
  !openQuote &&
  inside === 0;

/** Whether a quoted field that goes over several lines holds what look like rows. */
const swallowsRows = async (
  path: string,
  scan: Scan,
  dialect: CsvDialect,
  width: number,
  limits: Limits,
): Promise<boolean> => {
  if (scan.multiline === 0 || width < 2) return false;
  for await (const records of readRecords(path, createTokenizer(dialect, width), limits)) {
    if (records.some(({ problem }) => problem === 'swallowing')) return true;
  }
  return false;
};

const endsInNotes = (tail: string, dialect: CsvDialect, width: number): boolean => {
  const last = recordsOf(tail, dialect).findLast(({ fields }: CsvRecord) => fields.some((field) => field !== ''));
  return last !== undefined && (isSparse(layoutRow(last.fields), width) || last.fields[0] === '\u001a');
};

/**
 * The names of a header. One that lacks exactly one name, beside rows that are full, names what stands behind the first
 * column: so R writes the names of rows.
 */
const namesBeside = (header: LayoutRow, below: readonly LayoutRow[], width: number, warnings: Warnings): string[] => {
  const names = Array.from({ length: width }, (_, index) => header.cells[index] ?? '');
  const full = below.length > 0 && below.every((row) => row.cells.length !== width || row.looks.at(-1) !== 'empty');
  if (header.cells.length !== width - 1 || !full) return names;
  warnings.add({
    code: 'shifted_header',
    message: 'The header has one name less than the rows have fields; the first column has none',
  });
  return ['', ...names.slice(0, -1)];
};

const lineEndingsOf = (text: string): Scan['lineEndings'] => {
  const crlf = text.split('\r\n').length - 1;
  return { crlf, lf: text.split('\n').length - 1 - crlf, cr: text.split('\r').length - 1 - crlf };
};
