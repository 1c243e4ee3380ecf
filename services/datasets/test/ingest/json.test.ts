import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useEngine } from '../support/engine.ts';
import { expectationOf, hostileFiles } from '../support/hostile.ts';
import { hasSharedData } from '../support/shared-data.ts';

const { read, readFile: ingest, rows } = await useEngine({ nesting: 20, rowBytes: 100_000 });

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'read',
    (error: { status: number; code: string; details: object }) => ({
      status: error.status,
      code: error.code,
      ...error.details,
    }),
  );

describe('a table of JSON', () => {
  it('is an array of objects, objects on lines, or one object', async () => {
    const expected = [{ a: 1, b: 'x' }];
    for (const [text, format] of [
      ['[{"a":1,"b":"x"}]', 'json'],
      ['{"a":1,"b":"x"}\n', 'ndjson'],
      ['{\n "a": 1,\n "b": "x"\n}', 'ndjson'],
    ] as const) {
      const table = await read('a.json', text);
      expect(table.format).toBe(format);
      expect(await rows(table.table)).toEqual(expected);
    }
  });

  it('has the keys of all objects as columns, missing where an object has none', async () => {
    const table = await read('a.ndjson', '{"a":1}\n{"b":true,"a":null}\n\n{"c":"x"}\n');
    expect(await rows(table.table)).toEqual([
      { a: 1, b: null, c: null },
      { a: null, b: true, c: null },
      { a: null, b: null, c: 'x' },
    ]);
  });

  it('keeps numbers: integers of 64 bits, and longer ones as text', async () => {
    const table = await read(
      'a.json',
      '[{"i":9223372036854775807,"l":12345678901234567890,"n":1.0,"s":"01"},{"i":-1,"l":1,"n":2,"s":"2"}]',
    );
    expect(table.columns.map(({ type }) => type)).toEqual(['integer', 'string', 'number', 'string']);
    const [first] = await rows(table.table);
    expect(first).toMatchObject({ l: '12345678901234567890', n: 1, s: '01' });
  });

  it('reads texts that are all dates as dates, and mixtures as text with a warning', async () => {
    const table = await read('a.json', '[{"d":"2024-01-31","m":1},{"d":"2024-02-01","m":"x"}]');
    expect(table.columns.map(({ type }) => type)).toEqual(['date', 'string']);
    expect(table.warnings).toMatchObject([{ code: 'mixed_types', column: 'm' }]);
  });

  it('keeps nested values as JSON, with their numbers as they are', async () => {
    const table = await read('a.json', '[{"o":{"x":[1,12345678901234567890]}}]');
    expect(table.columns).toEqual([{ name: 'o', type: 'json' }]);
    const again = await read('b.json', '[{"__proto__":1,"constructor":"x"}]');
    expect(again.columns.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  it('is read in UTF-16, and not in Latin-1', async () => {
    expect((await read('a.json', Buffer.from('\ufeff[{"a":"é"}]', 'utf16le'))).dialect.encoding).toBe('utf-16le');
    expect(await refusal(read('a.json', Buffer.from('[{"a":"é"}]', 'latin1')))).toMatchObject({
      code: 'datasets.invalid_json',
    });
  });

  it('says where it is not valid', async () => {
    expect(await refusal(read('a.json', '[{"a":1},\n{"a":2}\n{"a":3}]'))).toEqual({
      status: 422,
      code: 'datasets.invalid_json',
      line: 3,
      column: 1,
    });
    expect(await refusal(read('a.json', '[{"a":1}'))).toMatchObject({ code: 'datasets.invalid_json' });
    expect(await refusal(read('a.json', 'name,age\nAna,1\n'))).toMatchObject({ code: 'datasets.invalid_json' });
  });

  it.each([
    ['[{"a":1},\n{"a":02}]', 2, 6],
    ['[{"a":1}, {"a":}]', 1, 16],
    ['[{"a":1,\n  "b": tru}]', 2, 8],
    ['{"a":1}\n  {"a":1,}\n', 2, 10],
    ['[{"a":[1,{"b":"x\ty"}]}]', 1, 15],
    ['[{"a":[1 2]}]', 1, 10],
    ['[{"a":1]}]', 1, 8],
    [`[{"a":"${'x'.repeat(100_000)}"},{"a" 1}]`, 1, 100_016],
  ])('says in which line and column it is not valid (case %#)', async (text, line, column) => {
    expect(await refusal(read('a.json', text))).toEqual({ status: 422, code: 'datasets.invalid_json', line, column });
  });

  it('is bounded in depth and in the size of a row', async () => {
    expect(await refusal(read('a.json', `[{"a":${'['.repeat(100_000)}`))).toMatchObject({ code: 'datasets.too_deep' });
    expect(await refusal(read('a.json', `[{"a":"${'x'.repeat(700_000)}"}]`))).toMatchObject({
      code: 'datasets.row_too_long',
    });
  });
});

describe.runIf(hasSharedData('hostile/json'))('JSONTestSuite', () => {
  const files = hasSharedData('hostile/json')
    ? hostileFiles('json').filter((path) => /^[yn]_/.test(basename(path)))
    : [];

  it('no n_ file is read, every y_ file that is a table is, and the others are refused as no table', {
    timeout: 120_000,
  }, async () => {
    expect(files.length).toBeGreaterThan(200);
    for (const path of files) {
      const outcome = await refusal(ingest(path));
      const expected = await expectationOf('json', path);
      expect([basename(path), outcome === 'read' ? 'read' : 'refused']).toEqual([basename(path), expected]);
      if (outcome !== 'read')
        expect(outcome).toMatchObject({ status: basename(path).startsWith('y_') ? 422 : expect.any(Number) });
    }
  });

  it('values of objects are those of JSON.parse', async () => {
    for (const path of files.filter((name) => basename(name).startsWith('y_object'))) {
      const value: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
      if (Object.keys(value).length === 0) continue;
      const outcome = await ingest(path).catch(() => undefined);
      expect(outcome?.columns).toHaveLength(Object.keys(value).length);
    }
  });
});
