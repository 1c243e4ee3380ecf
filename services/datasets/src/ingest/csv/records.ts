import { createReadStream } from 'node:fs';
import type { CsvDialect } from './dialect.ts';

export interface CsvRecord {
  readonly fields: string[];
  /** Where it begins, from 1. */
  readonly line: number;
}

/**
 * The records of a UTF-8 file, one at a time. Line feed, carriage return and both together end a record; quotes follow
 * RFC 4180, and a character behind a closing quote belongs to the field. Callers bound the length of rows beforehand.
 */
export async function* readRecords(path: string, { delimiter, quote }: CsvDialect): AsyncGenerator<CsvRecord> {
  let fields: string[] = [];
  let field = '';
  let inQuotes = false;
  let afterQuote = false;
  let started = false;
  let line = 1;
  let recordLine = 1;
  let skipLineFeed = false;
  const endField = () => {
    fields.push(field);
    field = '';
    started = false;
    afterQuote = false;
  };
  for await (const chunk of createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: 2 ** 18,
  }) as AsyncIterable<string>) {
    let from = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const character = chunk[index] as string;
      if (skipLineFeed) {
        skipLineFeed = false;
        if (character === '\n') {
          from = index + 1;
          continue;
        }
      }
      if (inQuotes) {
        if (character === quote) {
          field += chunk.slice(from, index);
          from = index + 1;
          inQuotes = false;
          afterQuote = true;
        } else if (character === '\n') {
          line += 1;
        }
      } else if (character === quote && (afterQuote || !started)) {
        // Doubled inside, or opening; neither is part of the value, but the doubled one is what it stands for.
        if (afterQuote) field += quote;
        from = index + 1;
        inQuotes = true;
        started = true;
        afterQuote = false;
      } else if (character === delimiter) {
        field += chunk.slice(from, index);
        from = index + 1;
        endField();
      } else if (character === '\n' || character === '\r') {
        field += chunk.slice(from, index);
        from = index + 1;
        endField();
        yield { fields, line: recordLine };
        fields = [];
        line += 1;
        recordLine = line;
        skipLineFeed = character === '\r';
      } else {
        started = true;
        afterQuote = false;
      }
    }
    field += chunk.slice(from);
  }
  if (field !== '' || fields.length > 0 || started) {
    endField();
    yield { fields, line: recordLine };
  }
}

/** The first record that is not blank. */
export const firstRecord = async (path: string, dialect: CsvDialect): Promise<CsvRecord | undefined> => {
  for await (const record of readRecords(path, dialect)) {
    if (record.fields.length > 1 || record.fields[0] !== '') return record;
  }
  return undefined;
};

/** Whether a record is a line without a character. */
export const isBlank = (record: CsvRecord): boolean => record.fields.length === 1 && record.fields[0] === '';
