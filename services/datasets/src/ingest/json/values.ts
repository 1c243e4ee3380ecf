import { createReadStream } from 'node:fs';
import type { Limits } from '../../limits.ts';
import { tooLarge, unreadable } from '../refuse.ts';

/** The text of one value, and where it begins, from 1. */
export interface JsonText {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

export type JsonLayout = 'array' | 'lines' | 'object';

const whitespace = new Set([' ', '\t', '\n', '\r']);

/**
 * Cuts a UTF-8 file into the texts of its rows, without holding more than one of them: the elements of one array (`array`),
 * or values that follow each other, one a line or spread over several (`lines`; a single one is `object`). Only the
 * places of brackets, quotes and commas between rows are judged here; each text is still to be parsed strictly.
 * @throws 422 `datasets.invalid_json` with line and column, `datasets.too_deep`, 413 `datasets.row_too_long`
 */
export async function* readJsonTexts(
  path: string,
  limits: Limits,
): AsyncGenerator<JsonText & { layout: 'array' | 'lines' }> {
  let layout: 'array' | 'lines' | undefined;
  // In an array: what may come next. Outside rows only.
  let expected: 'first' | 'value' | 'separator' | 'end' = 'first';
  let depth = 0;
  let inString = false;
  let escaped = false;
  let pieces = '';
  let inValue = false;
  let scalar = false;
  let line = 1;
  let valueLine = 1;
  let valueColumn = 1;
  let lineStart = 0;
  let offset = 0;
  let sawLineBreak = true;
  const fail = (message: string, index: number) => invalidJson(message, line, offset + index - lineStart + 1);

  for await (const chunk of createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: 2 ** 18,
  }) as AsyncIterable<string>) {
    let from = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const character = chunk[index] as string;
      if (character === '\n') {
        line += 1;
        lineStart = offset + index + 1;
        sawLineBreak = true;
      }
      if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
        if (inString || depth > 0) continue;
        // A string as a row of its own ends here.
        const text = pieces + chunk.slice(from, index + 1);
        pieces = '';
        inValue = false;
        yield { text, line: valueLine, column: valueColumn, layout: layout ?? 'lines' };
        expected = 'separator';
        continue;
      }
      if (inValue && scalar) {
        const ends = whitespace.has(character) || (layout === 'array' && (character === ',' || character === ']'));
        if (!ends) continue;
        const text = pieces + chunk.slice(from, index);
        pieces = '';
        inValue = false;
        yield { text, line: valueLine, column: valueColumn, layout: layout ?? 'lines' };
        expected = 'separator';
      } else if (inValue) {
        if (character === '"') inString = true;
        else if (character === '{' || character === '[') {
          depth += 1;
          if (depth > limits.nesting) {
            throw unreadable('too_deep', `Values are nested more than ${limits.nesting} deep.`, { line });
          }
        } else if (character === '}' || character === ']') {
          depth -= 1;
          if (depth > 0) continue;
          const text = pieces + chunk.slice(from, index + 1);
          pieces = '';
          inValue = false;
          yield { text, line: valueLine, column: valueColumn, layout: layout ?? 'lines' };
          expected = 'separator';
        }
        continue;
      }
      if (whitespace.has(character)) continue;
      if (layout === undefined && character === '[') {
        layout = 'array';
        continue;
      }
      if (layout === 'array') {
        if (expected === 'end') throw fail('Nothing may follow the closing bracket', index);
        if (character === ']') {
          if (expected === 'value') throw fail('A value is missing behind the comma', index);
          expected = 'end';
          continue;
        }
        if (character === ',') {
          if (expected !== 'separator') throw fail('A value is missing before the comma', index);
          expected = 'value';
          continue;
        }
        if (expected === 'separator') throw fail('A comma is missing between two values', index);
      } else {
        layout = 'lines';
        if (!sawLineBreak) throw fail('Values must be on lines of their own', index);
        sawLineBreak = false;
      }
      if (character === '}' || character === ']' || character === ',' || character === ':') {
        throw fail(`Unexpected ${character}`, index);
      }
      inValue = true;
      valueLine = line;
      valueColumn = offset + index - lineStart + 1;
      from = index;
      scalar = false;
      depth = 0;
      if (character === '"') inString = true;
      else if (character === '{' || character === '[') depth = 1;
      else scalar = true;
    }
    if (inValue) pieces += chunk.slice(from);
    if (pieces.length > limits.rowBytes) {
      throw tooLarge(
        'row_too_long',
        `The value that begins in line ${valueLine} is longer than ${limits.rowBytes} bytes.`,
        {
          line: valueLine,
        },
      );
    }
    offset += chunk.length;
  }
  if (inValue && scalar && layout === 'lines') {
    yield { text: pieces, line: valueLine, column: valueColumn, layout };
    return;
  }
  if (inValue || (layout === 'array' && expected !== 'end')) throw fail('The file ends inside a value', 0);
}

export const invalidJson = (message: string, line: number, column: number) =>
  unreadable('invalid_json', `The JSON is not valid: ${message} (line ${line}, column ${column}).`, { line, column });
