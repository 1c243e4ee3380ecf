import { createReadStream } from 'node:fs';
import type { Limits } from '../../limits.ts';
import { tooLarge, unreadable } from '../refuse.ts';

/** The text of one value, and where it begins, from 1. */
export interface JsonText {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  /** Whether it is an element of the file's one array, or stands by itself (`lines`). */
  readonly layout: 'array' | 'lines';
}

const noSpace = /[^ \t\n\r]/g;
const endOfScalar = /[ \t\n\r,\]]/g;
const mark = /["[\]{}]/g;
const endOfString = /["\\]/g;

/**
 * Cuts a UTF-8 file into the texts of its rows, without holding more than one of them: the elements of one array, or values
 * that follow each other. Only the places of brackets, quotes and commas between rows are judged here; each text is still to
 * be parsed strictly.
 * @throws 422 `datasets.invalid_json` with line and column, `datasets.too_deep`, 413 `datasets.row_too_long`
 */
export async function* readJsonTexts(path: string, limits: Limits): AsyncGenerator<JsonText> {
  const cutter = createCutter(limits);
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 2 ** 18 });
  for await (const chunk of stream as AsyncIterable<string>) yield* cutter.push(chunk, false);
  yield* cutter.push('', true);
}

const createCutter = (limits: Limits) => {
  let text = '';
  let layout: JsonText['layout'] | undefined;
  /** In an array: what stands before the place where it is read on. */
  let before: 'start' | 'value' | 'comma' | 'end' = 'start';
  const place = createPlace();

  const fail = (message: string, at: number) => {
    const { line, column } = place.of(text, at);
    return invalidJson(message, line, column);
  };

  /** Judges what stands between values. @returns whether a value begins at `at` */
  const beginsValue = (character: string, at: number, sameLine: boolean): boolean => {
    if (layout === undefined) {
      layout = character === '[' ? 'array' : 'lines';
      if (layout === 'array') return false;
    }
    if (layout === 'array') {
      if (before === 'end') throw fail('Nothing may follow the closing bracket', at);
      if (character === ']') {
        if (before === 'comma') throw fail('A value is missing behind the comma', at);
        before = 'end';
        return false;
      }
      if (character === ',') {
        if (before !== 'value') throw fail('A value is missing before the comma', at);
        before = 'comma';
        return false;
      }
      if (before === 'value') throw fail('A comma is missing between two values', at);
    } else if (sameLine && character !== '{') {
      throw fail('Values must be on lines of their own', at);
    }
    if (/[}\],:]/.test(character)) throw fail(`Unexpected ${character}`, at);
    return true;
  };

  /** The end of the value that begins at `start`; undefined where it has not come. */
  const valueEnd = (start: number, last: boolean): number | undefined => {
    const character = text[start] as string;
    if (character === '"') return stringEnd(text, start);
    if (character === '{' || character === '[') {
      return nestedEnd(text, start, limits.nesting, () => {
        throw unreadable('too_deep', `Values are nested more than ${limits.nesting} deep.`, {
          line: place.of(text, start).line,
        });
      });
    }
    const end = indexOf(endOfScalar, text, start);
    if (end !== undefined && layout === 'lines' && /[,\]]/.test(text[end] as string)) {
      return indexOf(/[ \t\n\r]/g, text, start) ?? (last ? text.length : undefined);
    }
    return end ?? (last && layout === 'lines' ? text.length : undefined);
  };

  const push = function* (chunk: string, last: boolean): Generator<JsonText> {
    text += chunk;
    let at = 0;
    for (;;) {
      const start = indexOf(noSpace, text, at);
      if (start === undefined) {
        at = text.length;
        break;
      }
      const sameLine = before === 'value' && !text.slice(at, start).includes('\n') && !place.brokeBefore(at);
      if (!beginsValue(text[start] as string, start, sameLine)) {
        at = start + 1;
        continue;
      }
      const end = valueEnd(start, last);
      if (end === undefined) {
        at = start;
        break;
      }
      yield { text: text.slice(start, end), ...place.of(text, start), layout: layout ?? 'lines' };
      before = 'value';
      at = end;
    }
    if (text.length - at > limits.rowBytes) throw rowTooLong(place.of(text, at).line, limits);
    if (last && (at < text.length || (layout === 'array' && before !== 'end'))) {
      throw fail('The file ends inside a value', text.length);
    }
    place.pass(text, at);
    text = text.slice(at);
  };
  return { push };
};

/** Lines and columns of places in a text whose beginning is let go piece by piece. */
const createPlace = () => {
  let line = 1;
  let column = 1;
  let lineBroke = true;
  const of = (text: string, at: number) => {
    const passed = text.slice(0, at);
    const breaks = passed.split('\n').length - 1;
    return breaks === 0
      ? { line, column: column + at }
      : { line: line + breaks, column: at - passed.lastIndexOf('\n') };
  };
  return {
    of,
    /** Whether what was let go last, up to `at`, ended in a line break. */
    brokeBefore: (at: number) => at === 0 && lineBroke,
    pass: (text: string, at: number) => {
      ({ line, column } = of(text, at));
      const blank = /[ \t\r\n]*$/.exec(text.slice(0, at))?.[0] ?? '';
      lineBroke = blank.includes('\n') || (blank.length === at && lineBroke);
    },
  };
};

const indexOf = (pattern: RegExp, text: string, from: number): number | undefined => {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index;
};

const stringEnd = (text: string, start: number): number | undefined => {
  for (let at = start + 1; ; ) {
    const found = indexOf(endOfString, text, at);
    if (found === undefined) return undefined;
    if (text[found] === '"') return found + 1;
    at = found + 2;
  }
};

const nestedEnd = (text: string, start: number, deepest: number, tooDeep: () => never): number | undefined => {
  let depth = 0;
  for (let at = start; ; ) {
    const found = indexOf(mark, text, at);
    if (found === undefined) return undefined;
    const character = text[found];
    if (character === '"') {
      const end = stringEnd(text, found);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    depth += character === '{' || character === '[' ? 1 : -1;
    if (depth > deepest) tooDeep();
    at = found + 1;
    if (depth === 0) return at;
  }
};

const rowTooLong = (line: number, limits: Limits) =>
  tooLarge('row_too_long', `The value that begins in line ${line} is longer than ${limits.rowBytes} bytes.`, { line });

export const invalidJson = (message: string, line: number, column: number) =>
  unreadable('invalid_json', `The JSON is not valid: ${message} (line ${line}, column ${column}).`, { line, column });
