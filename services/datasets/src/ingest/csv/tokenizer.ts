import type { CsvDialect } from './dialect.ts';

/** What was odd about the quotes of a record that could be read nevertheless. */
export type QuoteProblem = 'stray' | 'swallowing';

export interface CsvRecord {
  readonly fields: string[];
  /** Where it begins, from 1. */
  readonly line: number;
  readonly problem?: QuoteProblem | undefined;
  /** By field: whether it was in quotes. Only where one was. */
  readonly quoted?: readonly boolean[] | undefined;
}

export interface Tokenizer {
  /** Takes the next piece of a text and gives the records that are complete. `last`: nothing follows. */
  push(piece: string, last: boolean): CsvRecord[];
  /** Characters that wait for the end of their record. */
  readonly waiting: number;
  /** Lines that were comments, and the texts of the first of them. */
  readonly comments: { count: number; readonly first: string[] };
  /** Where a quote was opened that the text never closed. */
  readonly open: { readonly line: number; readonly column: number } | undefined;
}

const shownComments = 20;

/**
 * Cuts text into records. Quotes follow RFC 4180 where they can. A quote inside a quoted field that is not doubled is a
 * character of the field where the field is closed later in its line, and else closes it. An opening quote that would
 * swallow lines which are whole records by themselves (`width` fields each) is a character too.
 */
export const createTokenizer = (dialect: CsvDialect, width = 0): Tokenizer => {
  const { delimiter, quote, escape: escaping, skipSpace, comment, places } = dialect;
  const comments = { count: 0, first: [] as string[] };
  let text = '';
  let last = false;
  let line = 1;
  let open: Tokenizer['open'];
  let fields: string[] = [];
  let quoted: boolean[] | undefined;
  let problem: QuoteProblem | undefined;

  /** The end of the line that `at` is in; -1 where it has not come yet. */
  const lineEnd = (at: number): number => {
    for (let place = at; place < text.length; place += 1) {
      const code = text.charCodeAt(place);
      if (code === 10 || (code === 13 && (last || place + 1 < text.length))) return place;
    }
    return last ? text.length : -1;
  };
  const afterBreak = (at: number): number =>
    text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
  const isDelimiter = (at: number): boolean => text.startsWith(delimiter, at);
  const endsField = (at: number): boolean => {
    if (at >= text.length) return last;
    const code = text.charCodeAt(at);
    return code === 10 || code === 13 || isDelimiter(at);
  };
  const skipSpaces = (at: number): number => {
    let place = at;
    while (text.charCodeAt(place) === 32 && !isDelimiter(place)) place += 1;
    return place;
  };
  const unescaped = (value: string): string =>
    escaping === quote ? value.replaceAll(quote + quote, quote) : value.replace(/\\([\s\S])/g, '$1');

  /** The end of a field without quotes; -1 where it has not come yet. */
  const plainEnd = (at: number): number => {
    const first = delimiter.charCodeAt(0);
    for (let place = at; place < text.length; place += 1) {
      const code = text.charCodeAt(place);
      if (code === 10 || (code === 13 && (last || place + 1 < text.length))) return place;
      if (code === first && (delimiter.length === 1 || isDelimiter(place))) return place;
    }
    return last ? text.length : -1;
  };

  /** The quote that closes the field that opens at `at`: its place, -1 where it has not come, -2 where it never will. */
  const closing = (at: number): number => {
    let stray = -1;
    for (let place = at + 1; ; ) {
      const next = text.indexOf(quote, place);
      if (stray !== -1) {
        const end = lineEnd(stray);
        if (end === -1) return -1;
        // Nothing in this line closes the field: the quote that seemed stray did.
        if (next === -1 || next > end) return stray;
      }
      if (next === -1) return last ? -2 : -1;
      if (escaping !== quote && escaped(next, at)) {
        place = next + 1;
      } else if (next + 1 >= text.length && !last) {
        return -1;
      } else if (escaping === quote && text[next + 1] === quote) {
        place = next + 2;
      } else {
        const behind = skipSpaces(next + 1);
        if (behind >= text.length && !last) return -1;
        if (endsField(behind)) {
          if (stray !== -1) problem ??= 'stray';
          return next;
        }
        if (stray === -1) stray = next;
        place = next + 1;
      }
    }
  };

  const escaped = (at: number, from: number): boolean => {
    let count = 0;
    for (let place = at - 1; place > from && text[place] === escaping; place -= 1) count += 1;
    return count % 2 === 1;
  };

  /** Whether the lines that a quoted field spans are records by themselves. */
  const swallows = (start: number, at: number, close: number): boolean => {
    if (width < 2 || text.slice(at, close).search(/[\r\n]/) === -1) return false;
    const end = lineEnd(close);
    const lines = text.slice(start, end === -1 ? text.length : end).split(/\r\n|\r|\n/);
    return lines.every((one) => one.split(delimiter).length === width);
  };

  const quotedField = (start: number, at: number): number => {
    const close = closing(at);
    if (close === -1) return -1;
    if (close === -2) {
      open ??= { line: line + breaks(text.slice(start, at)), column: at - text.lastIndexOf('\n', at) };
      fields.push(text.slice(at));
      return text.length;
    }
    if (swallows(start, at, close)) {
      problem = 'swallowing';
      return plainField(at);
    }
    let value = unescaped(text.slice(at + 1, close));
    let end = skipSpaces(close + 1);
    if (!endsField(end)) {
      // Text goes on behind the closing quote: it belongs to the field.
      problem ??= 'stray';
      end = plainEnd(close + 1);
      if (end === -1) return -1;
      value += text.slice(close + 1, end);
    }
    quoted ??= [];
    quoted[fields.length] = true;
    fields.push(value);
    return end;
  };

  const plainField = (at: number): number => {
    const end = plainEnd(at);
    if (end === -1) return -1;
    fields.push(text.slice(at, end));
    return end;
  };

  /** Reads a record from `start`. @returns the place behind it, or -1 where its end has not come yet */
  const record = (start: number): number => {
    for (let at = start; ; ) {
      if (skipSpace) at = skipSpaces(at);
      const end = quote !== '' && text[at] === quote ? quotedField(start, at) : plainField(at);
      if (end === -1) return -1;
      if (!isDelimiter(end) || end >= text.length) return end >= text.length ? end : afterBreak(end);
      at = end + delimiter.length;
      if (at >= text.length) {
        if (!last) return -1;
        fields.push('');
        return at;
      }
    }
  };

  const placedRecord = (start: number): number => {
    const end = lineEnd(start);
    if (end === -1) return -1;
    const whole = text.slice(start, end);
    fields = (places ?? []).map(([from, to]) => whole.slice(from, to).trim());
    return end >= text.length ? end : afterBreak(end);
  };

  const commentLine = (start: number): number => {
    const end = lineEnd(start);
    if (end === -1) return -1;
    comments.count += 1;
    if (comments.first.length < shownComments) comments.first.push(text.slice(start, end));
    return end >= text.length ? end : afterBreak(end);
  };

  const push = (piece: string, isLast: boolean): CsvRecord[] => {
    text += piece;
    last = isLast;
    const records: CsvRecord[] = [];
    let at = 0;
    while (at < text.length) {
      fields = [];
      quoted = undefined;
      problem = undefined;
      const isComment = comment !== undefined && text.startsWith(comment, at);
      const next = isComment ? commentLine(at) : places === undefined ? record(at) : placedRecord(at);
      if (next === -1) break;
      if (!isComment) records.push({ fields, line, problem, quoted });
      line += quoted === undefined ? 1 : Math.max(1, breaks(text.slice(at, next)));
      at = next;
    }
    text = text.slice(at);
    return records;
  };

  return {
    push,
    comments,
    get waiting() {
      return text.length;
    },
    get open() {
      return open;
    },
  };
};

const breaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;
