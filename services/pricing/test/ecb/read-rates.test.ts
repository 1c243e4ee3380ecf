import { describe, expect, it } from 'vitest';
import { readRates } from '../../src/ecb/read-rates.ts';
import * as answers from './answers.ts';

const { expected } = answers;
const read = (text: string | Uint8Array) => readRates(typeof text === 'string' ? Buffer.from(text) : text);
const sorted = (list: readonly { currency: string; date: string }[]) =>
  list.toSorted((one, other) => (one.currency + one.date < other.currency + other.date ? -1 : 1));
const published = expected.filter(({ rate }) => rate !== null);

describe('an answer with rates', () => {
  it.each([
    ['csvdata', answers.csvdata],
    ['csvdata with other columns', answers.csvdataReordered],
    ['csvdata with a byte order mark and Windows line ends', `\ufeff${answers.csvdata.replaceAll('\n', '\r\n')}`],
    ['SDMX-JSON', answers.sdmxJson],
    ['SDMX-JSON wrapped in data', answers.sdmxJsonWrapped],
    ['SDMX-ML generic', answers.sdmxGeneric],
    ['SDMX-ML generic, flat', answers.sdmxGenericFlat],
    ['SDMX-ML structure specific', answers.sdmxStructureSpecific],
  ])('is read from %s, holidays without a value', (_, text) => {
    expect(sorted(read(text))).toEqual(sorted(expected));
  });

  it('is read from eurofxref, CSV and XML, without the days and currencies that have none', () => {
    expect(sorted(read(answers.eurofxrefHistory))).toEqual(sorted(published));
    expect(sorted(read(answers.eurofxrefXml))).toEqual(sorted(published));
    expect(sorted(read(answers.eurofxrefDaily))).toEqual(sorted(published.filter(({ date }) => date === '2025-05-08')));
  });

  it('keeps every digit of a JSON number that a float would lose', () => {
    const text = answers.sdmxJson.replace('163.45', '163.45000000000000000001');
    expect(read(text).map(({ rate }) => rate)).toContain('163.45000000000000000001');
  });

  it('counts the unit multiplier in', () => {
    expect(read('CURRENCY,TIME_PERIOD,OBS_VALUE,UNIT_MULT\nJPY,2025-05-08,1.6345,2\n')).toEqual([
      { currency: 'JPY', date: '2025-05-08', rate: '163.45' },
    ]);
    expect(read(answers.sdmxJson.replace('[{"id":"0","name":"0"}]', '[{"id":"3","name":"3"}]'))).toContainEqual({
      currency: 'USD',
      date: '2025-05-08',
      rate: '1129.7',
    });
  });

  it('may hold no observations', () => {
    expect(read('CURRENCY,TIME_PERIOD,OBS_VALUE\n')).toEqual([]);
    expect(read('{"dataSets":[],"structure":{"dimensions":{"series":[],"observation":[]}}}')).toEqual([]);
  });
});

describe('an answer that is no answer', () => {
  const half = (text: string) => text.slice(0, Math.ceil(text.length / 2));
  it.each([
    ['nothing', '', /empty/],
    ['white space', ' \n', /empty/],
    ['a web page', '<!DOCTYPE html>\n<html><body>Maintenance</body></html>', /web page/],
    ['a web page in lower case with a comment', '<!-- x -->\n<html lang="en"></html>', /web page/],
    ['an archive', 'PK\u0003\u0004', /ZIP/],
    ['words', 'Service unavailable\n', /neither/],
    ['half of csvdata', half(answers.csvdata), /cut short|columns|CSV/],
    ['half of SDMX-JSON', half(answers.sdmxJson), /whole JSON/],
    ['half of SDMX-ML', half(answers.sdmxGeneric), /whole XML/],
    ['half of eurofxref', half(answers.eurofxrefXml), /whole XML/],
    ['a last value that may be half a value', answers.csvdataReordered.slice(0, -6), /cut short/],
    ['a line that ends too early', 'CURRENCY,TIME_PERIOD,OBS_VALUE\nUSD,2025-05-08\n', /columns/],
    ['an SDMX error', '<m:Error xmlns:m="urn:x"><m:ErrorMessage code="100"/></m:Error>', /instead of rates/],
    [
      'an envelope without rates',
      '<Envelope xmlns="http://www.gesmes.org/xml/2002-08-01"></Envelope>',
      /without rates/,
    ],
    ['JSON of something else', '{"message":"hello"}', /structure|list/],
    ['a word for a rate', 'CURRENCY,TIME_PERIOD,OBS_VALUE\nUSD,2025-05-08,abc\n', /no rate/],
    ['a day that does not exist', 'CURRENCY,TIME_PERIOD,OBS_VALUE\nUSD,2025-02-30,1.1\n', /no date/],
    ['two rates for one day', 'CURRENCY,TIME_PERIOD,OBS_VALUE\nUSD,2025-05-08,1\nUSD,2025-05-08,2\n', /two rates/],
    [
      'rates against the dollar',
      'CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\nJPY,USD,2025-05-08,145\n',
      /daily rates/,
    ],
    ['a key that points nowhere', answers.sdmxJson.replace('"0:0:0:0:0"', '"0:9:0:0:0"'), /points at no value/],
  ])('is refused: %s', (_, text, reason) => {
    expect(() => read(text)).toThrow(reason);
    expect(() => read(text)).toThrow(expect.objectContaining({ status: 502, code: 'pricing.unreadable_rates' }));
  });

  it('is refused: noise', () => {
    expect(() => read(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)))).toThrow(
      /UTF-8|neither/,
    );
  });

  it('is refused: a document type, before an entity is expanded', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>';
    expect(() => read(bomb)).toThrow(/document type/);
    expect(() => read('<Envelope>&made;</Envelope>')).toThrow(/whole XML/);
  });
});

it.each(['0', '0.0000', '-1.1'])('leaves %s out, which is no rate, and reads the others', (value) => {
  const rows = `CURRENCY,TIME_PERIOD,OBS_VALUE\nISK,2025-05-08,${value}\nUSD,2025-05-08,1.1297\n`;
  expect(readRates(Buffer.from(rows))).toEqual([
    { currency: 'ISK', date: '2025-05-08', rate: null, refused: value },
    { currency: 'USD', date: '2025-05-08', rate: '1.1297' },
  ]);
});
