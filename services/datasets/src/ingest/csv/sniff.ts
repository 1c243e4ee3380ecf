import { lookOf } from '../layout/looks.ts';
import { type CsvDialect, rareDelimiters, usualDelimiters } from './dialect.ts';
import { fixedPlaces } from './fixed-width.ts';
import { isBlank, recordsOf } from './records.ts';
import type { CsvRecord } from './tokenizer.ts';

/** A dialect, and how many fields most records of the sample have in it. */
export interface Sniffed {
  readonly dialect: CsvDialect;
  readonly width: number;
  /** Whether a delimiter was found, or the file has one column. */
  readonly divided: boolean;
}

export interface SniffOptions {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly escape?: string | undefined;
  readonly comment?: string | undefined;
  /** Characters of each column, where the uploader knows them. */
  readonly widths?: readonly number[] | undefined;
}

/**
 * Decides delimiter, quote and escape on the beginning of a text: the dialect under which the records are most alike and
 * their cells look like values (Van den Burg and others, "Wrangling messy CSV files by detecting row and type patterns").
 */
export const sniff = (text: string, options: SniffOptions): Sniffed => {
  const quoting = quotingOf(text, options);
  const base = { ...quoting, skipSpace: false, comment: options.comment };
  if (options.widths !== undefined) return fixed({ ...base, delimiter: '\u001f', places: placesOf(options.widths) });
  const usual = options.delimiter === undefined ? usualDelimiters : [options.delimiter];
  const tried = usual.map((delimiter) => measure(text, { ...base, delimiter }));
  const known = options.delimiter !== undefined;
  let best = bestOf(tried.filter((one) => known || one.plausible));
  if (!known && (best === undefined || !best.even)) {
    const rare = rareDelimiters.map((delimiter) => measure(text, { ...base, delimiter })).filter(isConvincing);
    best = bestOf([...(best === undefined ? [] : [best]), ...rare]);
  }
  if (best === undefined || (!known && isOneColumn(best))) {
    const places = known ? undefined : fixedPlaces(text, options.comment);
    const delimiter = usualDelimiters.find((one) => !text.includes(one)) ?? '\u001f';
    return {
      dialect: { ...base, delimiter, ...(places === undefined ? {} : { places }) },
      width: places?.length ?? 1,
      divided: places !== undefined,
    };
  }
  const skipSpace = spacesFollow(best.records, best.dialect.delimiter);
  if (!skipSpace) return { dialect: best.dialect, width: best.width, divided: true };
  const dialect = { ...best.dialect, skipSpace };
  return { dialect, width: measure(text, dialect).width, divided: true };
};

const fixed = (dialect: CsvDialect): Sniffed => ({ dialect, width: dialect.places?.length ?? 1, divided: true });

const placesOf = (widths: readonly number[]): (readonly [number, number])[] => {
  let from = 0;
  return widths.map((width) => {
    const place = [from, from + width] as const;
    from += width;
    return place;
  });
};

interface Measured {
  readonly dialect: CsvDialect;
  readonly records: readonly CsvRecord[];
  readonly width: number;
  readonly score: number;
  /** Whether enough records agree on a width of two or more. */
  readonly plausible: boolean;
  /** Whether all records do. */
  readonly even: boolean;
}

const measure = (text: string, dialect: CsvDialect): Measured => {
  const records = recordsOf(text, dialect).filter((record) => !isBlank(record));
  const widths = new Map<number, number>();
  for (const { fields } of records) widths.set(fields.length, (widths.get(fields.length) ?? 0) + 1);
  const first = records[0]?.fields.length ?? 0;
  // Where several widths are as frequent, the first record says how wide the table is meant to be.
  const [width, count] = [...widths]
    .filter(([one]) => one > 1)
    .sort((one, other) => other[1] - one[1] || Number(other[0] === first) - Number(one[0] === first))[0] ?? [1, 0];
  const pattern =
    [...widths].reduce((sum, [one, times]) => sum + (times * Math.max(0.001, one - 1)) / one, 0) / widths.size;
  return {
    dialect,
    records,
    width,
    score: pattern * cleanShare(records, dialect.delimiter),
    plausible: count * 2 >= records.length || (count >= 2 && count >= records.length * 0.35),
    even: count === records.length,
  };
};

const bestOf = (measured: readonly Measured[]): Measured | undefined =>
  measured.reduce<Measured | undefined>(
    (best, one) => (best === undefined || one.score > best.score ? one : best),
    undefined,
  );

const others = new RegExp(`[${usualDelimiters.join('')}]`);

/** The share of cells that look like values: nothing, numbers, dates, or text without another delimiter in it. */
const cleanShare = (records: readonly CsvRecord[], delimiter: string): number => {
  let cells = 0;
  let clean = 0;
  for (const { fields, quoted } of records) {
    fields.forEach((field, index) => {
      cells += 1;
      if (quoted?.[index] === true || lookOf(field) !== 'text' || isText(field, delimiter)) clean += 1;
    });
  }
  return cells === 0 ? 0 : clean / cells;
};

const isText = (field: string, delimiter: string): boolean =>
  !others.test(field) || (delimiter !== ',' && !/[;\t|]/.test(field) && /,(\s|$)/.test(field));

/** A rare delimiter is believed where every record has it as often and some column is numbers, times or short codes. */
const isConvincing = ({ even, records, width, dialect }: Measured): boolean => {
  if (!even || records.length < 2) return false;
  if (dialect.delimiter === ':' && width < 3) return false;
  if (dialect.delimiter === '::') return true;
  const whole = records.every(({ fields }) => lookOf(fields.join(dialect.delimiter)) !== 'text');
  if (whole || records.some(({ fields }) => fields.some((field) => field === ''))) return false;
  const numeric = Array.from({ length: width }, (_, column) =>
    records.slice(1).every(({ fields }) => lookOf(fields[column] ?? '') === 'number'),
  ).filter(Boolean).length;
  return numeric * 2 >= width;
};

/** One column of numbers with a decimal comma under a name without one. */
const isOneColumn = ({ dialect, records, width }: Measured): boolean =>
  dialect.delimiter === ',' &&
  width === 2 &&
  records.length > 1 &&
  records[0]?.fields.length === 1 &&
  records
    .slice(1)
    .every(
      ({ fields, quoted }) => quoted === undefined && /^-?\d+$/.test(fields[0] ?? '') && /^\d*$/.test(fields[1] ?? ''),
    );

const spacesFollow = (records: readonly CsvRecord[], delimiter: string): boolean => {
  if (delimiter === ' ') return false;
  let behind = 0;
  for (const { fields } of records) {
    for (const field of fields.slice(1)) {
      if (field === '') continue;
      if (!field.startsWith(' ')) return false;
      behind += 1;
    }
  }
  return behind > 0;
};

/** Apostrophes are quotes where they are used as such without exception; a backslash escapes where quotes follow it. */
const quotingOf = (text: string, { quote, escape: told }: SniffOptions): { quote: string; escape: string } => {
  const chosen = quote ?? (isQuotedWith(text, '"') || !isQuotedWith(text, "'") ? '"' : "'");
  if (chosen === '' || told !== undefined) return { quote: chosen, escape: told ?? chosen };
  const backslashes = text.split(`\\${chosen}`).length - 1;
  if (backslashes === 0) return { quote: chosen, escape: chosen };
  // A path that ends in a backslash ("C:\") closes its field; an escaped quote goes on.
  const closing = text.match(new RegExp(String.raw`\\${chosen}(?=[,;\t|\r\n]|$)`, 'g'))?.length ?? 0;
  return { quote: chosen, escape: backslashes > closing ? '\\' : chosen };
};

const isQuotedWith = (text: string, quote: string): boolean => {
  const field = new RegExp(String.raw`(?:^|[,;\t|\r\n]) *${quote}[^\r\n]*?${quote}(?=$|[,;\t|\r\n])`, 'g');
  const opening = new RegExp(String.raw`(?:^|[,;\t|\r\n]) *${quote}`, 'g');
  const fields = text.match(field)?.length ?? 0;
  if (quote === '"') return fields > 0;
  return fields > 0 && (text.match(opening)?.length ?? 0) <= fields * 2;
};
