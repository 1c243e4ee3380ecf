import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Warnings } from '../warnings.ts';
import type { DecidedDialect } from './decide-dialect.ts';
import { isBlank, readRecords } from './records.ts';

/** The dialect that {@link normalizeCsv} writes. */
export const normalDialect = { delimiter: ',', quote: '"' } as const;

/**
 * Rewrites an irregular file so that every record has `width` fields: short ones get missing values at their end, longer
 * ones make the table wider. Each is reported with its line.
 * @param width fields of the widest record
 * @param expected fields that a record ought to have
 */
export const normalizeCsv = async (
  path: string,
  target: string,
  dialect: DecidedDialect,
  expected: number,
  warnings: Warnings,
): Promise<void> => {
  const { width } = dialect;
  let blank = 0;
  async function* lines(): AsyncGenerator<string> {
    let block = '';
    for await (const record of readRecords(path, dialect)) {
      if (isBlank(record) && width > 1) {
        blank += 1;
        continue;
      }
      const { length } = record.fields;
      if (length !== expected) {
        warnings.add({
          code: 'ragged_row',
          message: `Line ${record.line} has ${length} fields instead of ${expected}`,
          line: record.line,
        });
      }
      while (record.fields.length < width) record.fields.push('');
      block += `${record.fields.map(quoted).join(',')}\n`;
      if (block.length > 2 ** 18) {
        yield block;
        block = '';
      }
    }
    yield block;
  }
  await pipeline(Readable.from(lines()), createWriteStream(target));
  if (blank > 0) warnings.add({ code: 'blank_lines', message: `${blank} blank lines were left out` });
};

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
