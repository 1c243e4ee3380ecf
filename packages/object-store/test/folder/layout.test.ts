import { describe, expect, it } from 'vitest';
import { decodeSegment, pathOfKey } from '../../src/folder/layout.ts';

describe('the layout of a folder', () => {
  it.each([
    [
      'wine/production/processing_date=2025-05-09/run.parquet',
      'wine/production/processing_date=2025-05-09/run.parquet',
    ],
    ['logs/wine/2025-05-09T10-00-00Z.jsonl', 'logs/wine/2025-05-09T10-00-00Z.jsonl'],
    ['wine/_manifest.json', 'wine/_manifest.json'],
    ['a', 'a%'],
    ['a/b', 'a/b%'],
    ['v1.2/b.json', 'v1.2%/b.json'],
    ['a b/p+q=1,2#3.csv', 'a b/p+q=1,2#3.csv'],
    ['50%.csv', '50%25.csv'],
    ['what?.csv', 'what%3F.csv'],
    ['caf\u00e9.csv', 'caf%C3%A9.csv'],
    ['cafe\u0301.csv', 'cafe%CC%81.csv'],
    ['end.', 'end%2E'],
    ['..', '.%2E'],
    [' ', '%20%'],
    [`${'x'.repeat(250)}.csv`, `${'x'.repeat(240)}%-/${'x'.repeat(10)}.csv`],
  ])('keeps %s as %s', (key, path) => {
    expect(pathOfKey(key).join('/')).toBe(path);
  });

  it('never needs a name longer than a file system allows', () => {
    for (const key of ['x'.repeat(900), 'é'.repeat(450), '%'.repeat(900), '.'.repeat(900)]) {
      expect(Math.max(...pathOfKey(key).map((name) => Buffer.byteLength(name)))).toBeLessThanOrEqual(255);
    }
  });

  it.each(['README', 'bad%zz.csv', '%c3%a9.csv', '%61.csv', '%FF.csv', '.%temporary', '%', 'é.csv', 'a.csv%', 'end.'])(
    'does not take the file %s for an object of its own',
    (name) => {
      expect(decodeSegment('', name, 'file')).toBeUndefined();
    },
  );
});
