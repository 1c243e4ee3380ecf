import type { UploadOptions } from '@vindima/contracts';
import type { Limits } from '../../limits.ts';
import { unreadable, wrongType } from '../refuse.ts';
import { type CsvDialect, candidates, type Scan } from './dialect.ts';
import { scanCsv } from './scan.ts';

export interface DecidedDialect extends CsvDialect {
  readonly scan: Scan;
  /** Fields of the widest record. */
  readonly width: number;
  /** Whether all records have as many fields, lines end in one way and quotes are well formed. */
  readonly regular: boolean;
}

/**
 * Decides delimiter and quote on the whole file. The delimiter is the candidate that gives the most records the same
 * number of fields, two or more; if none gives most records two fields, the file has one column.
 * @param claimed whether the file says (by its name) that it is CSV; prose that does not is refused with 415
 * @throws 422 `datasets.unclosed_quote`, `datasets.stray_quote` with line and column; 422 `datasets.empty`
 */
export const decideDialect = async (
  path: string,
  options: Pick<UploadOptions, 'delimiter' | 'quote'>,
  claimed: boolean,
  limits: Limits,
): Promise<DecidedDialect> => {
  const delimiters = options.delimiter === undefined ? [...candidates] : [asciiCharacter(options.delimiter)];
  let quote = options.quote === undefined ? '"' : options.quote === '' ? '' : asciiCharacter(options.quote);
  let scan = await scanCsv(path, delimiters, quote, limits);
  if (options.quote === undefined && scan.quoted === 0) {
    // Apostrophes are quotes only where they are used as such without exception.
    const apostrophes = await scanCsv(path, delimiters, "'", limits).catch(() => undefined);
    if (apostrophes && apostrophes.quoted > 0 && !apostrophes.strayQuote && !apostrophes.openQuote) {
      quote = "'";
      scan = apostrophes;
    }
  }
  if (scan.records === scan.blank && !scan.openQuote) throw unreadable('empty', 'The file has no rows.');
  const chosen = choose(scan, delimiters);
  const irregular = delimiters.some((one) => occurs(scan, one));
  const delimiter = chosen ?? options.delimiter ?? unused(scan);
  if (delimiters.length > 1 && (scan.strayQuote || scan.openQuote || !delimiters.includes(delimiter))) {
    // A quote behind another candidate is no opening quote after all.
    scan = await scanCsv(path, [delimiter], quote, limits);
  }
  if (scan.openQuote) {
    throw unreadable(
      'unclosed_quote',
      `The quote that opens in line ${scan.openQuote.line}, column ${scan.openQuote.column} is never closed.`,
      scan.openQuote,
    );
  }
  if (scan.strayQuote) {
    const { line, column } = scan.strayQuote;
    throw unreadable(
      'stray_quote',
      `In line ${line}, column ${column} a quoted field goes on behind its closing quote; quotes inside it must be doubled.`,
      { line, column },
    );
  }
  const widths = scan.widths.get(delimiter) ?? new Map<number, number>();
  if (chosen === undefined && !claimed && irregular && options.delimiter === undefined) {
    throw wrongType('not_a_table', 'The file is text, but no delimiter divides its lines into columns.');
  }
  const width = Math.max(1, ...widths.keys());
  if (width > limits.columns) {
    throw unreadable('too_many_columns', `The table has more than ${limits.columns} columns.`, {
      maximum: limits.columns,
    });
  }
  const { lf, crlf, cr } = scan.lineEndings;
  const oneEnding = cr === 0 && (lf === 0 || crlf === 0);
  return { delimiter, quote, scan, width, regular: widths.size === 1 && oneEnding && scan.blank === 0 };
};

const choose = (scan: Scan, delimiters: readonly string[]): string | undefined => {
  let best: { delimiter: string; share: number; width: number } | undefined;
  for (const delimiter of delimiters) {
    const widths = [...(scan.widths.get(delimiter) ?? [])];
    const total = widths.reduce((sum, [, count]) => sum + count, 0);
    // The header says how wide the table is meant to be; where several widths are as frequent it decides.
    const first = scan.firstWidth.get(delimiter) ?? 0;
    const [width, count] = widths.sort(
      (one, other) => other[1] - one[1] || Number(other[0] === first) - Number(one[0] === first),
    )[0] ?? [0, 0];
    if (width < 2) continue;
    const share = count / Math.max(1, total);
    if (best === undefined || share > best.share || (share === best.share && width > best.width)) {
      best = { delimiter, share, width };
    }
  }
  return best?.delimiter;
};

/** Whether a delimiter divides any line. */
const occurs = (scan: Scan, delimiter: string): boolean =>
  [...(scan.widths.get(delimiter)?.keys() ?? [])].some((width) => width > 1);

/** A delimiter for a table of one column: one that does not occur, at worst a character that text does not have. */
const unused = (scan: Scan): string => candidates.find((one) => !occurs(scan, one)) ?? '\u001f';

const asciiCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (character.length === 1 && (code === 9 || (code >= 32 && code < 127))) return character;
  throw unreadable('wrong_option', 'Delimiter and quote must be single printable ASCII characters, or a tab.', {
    character,
  });
};
