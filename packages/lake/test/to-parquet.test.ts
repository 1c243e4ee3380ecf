import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, it } from 'vitest';
import {
  booleanColumn,
  dateColumn,
  decimalColumn,
  integerColumn,
  tableOf,
  textColumn,
  toParquet,
} from '../src/index.ts';

const build = () => ({
  name: textColumn(),
  note: textColumn(),
  count: integerColumn(),
  open: booleanColumn(),
  day: dateColumn(),
  amount: decimalColumn(4),
});
const fileOf = (bytes: Uint8Array) => Uint8Array.from(bytes).buffer;

describe('a Parquet file', () => {
  it('has the rows as they were pushed, in their types, and the metadata', async () => {
    const columns = build();
    for (let row = 0; row < 3000; row++) {
      columns.name.push(`name ${row % 7}`);
      columns.note.push(row % 2 === 0 ? null : 'odd');
      columns.count.push(row);
      columns.open.push(row % 3 === 0);
      columns.day.push(row === 0 ? '1999-01-04' : '2025-05-09');
      columns.amount.push(row === 1 ? '-12.5' : '1234567890123456789012345678901.2345');
    }
    const file = fileOf(toParquet(tableOf(columns, { source: 'made up' })));
    const rows = await parquetReadObjects({ file, compressors });
    expect(rows).toHaveLength(3000);
    expect(rows[0]).toMatchObject({ name: 'name 0', note: null, count: 0, open: true, day: new Date('1999-01-04') });
    expect(rows[1]).toMatchObject({ name: 'name 1', note: 'odd', open: false, amount: -12.5 });
    const { schema, key_value_metadata: metadata } = parquetMetadata(file);
    expect(schema.find(({ name }) => name === 'amount')).toMatchObject({ precision: 38, scale: 4 });
    expect(metadata).toContainEqual({ key: 'source', value: 'made up' });
  });

  it('may be empty', async () => {
    const file = fileOf(toParquet(tableOf(build())));
    expect(await parquetReadObjects({ file, compressors })).toEqual([]);
  });

  it('refuses a number that does not fit', () => {
    expect(() => decimalColumn(2).push('1.005')).toThrow(RangeError);
    expect(() => decimalColumn(2).push('1'.repeat(40))).toThrow(RangeError);
  });
});
