import { minorUnit } from '../money/minor-unit.ts';

/** What a currency became: its own units for one of the successor, since a day, by law. */
export interface Replacement {
  readonly successor: string;
  /** Units of the old currency for one of the successor, as the law spells it. */
  readonly ratio: string;
  /** First day. */
  readonly from: string;
  readonly source: string;
}

/** Days without rates of a currency that exists; `until` is the last one. */
export interface Suspension {
  readonly from: string;
  readonly until?: string;
  readonly source: string;
}

export interface CurrencyFacts {
  readonly code: string;
  readonly name: string;
  readonly minorUnit: number;
  readonly replaced?: Replacement;
  readonly suspended?: Suspension;
}

const ecbHistory = 'eurofxref-hist of the ECB: the days without its rate';

/** Names after the Unicode CLDR, as the clients of rate APIs know them. */
const names = `
AUD Australian Dollar|BRL Brazilian Real|CAD Canadian Dollar|CHF Swiss Franc|CNY Chinese Renminbi Yuan|CZK Czech Koruna|DKK Danish Krone
EUR Euro|GBP British Pound|HKD Hong Kong Dollar|HUF Hungarian Forint|IDR Indonesian Rupiah|ILS Israeli New Sheqel|INR Indian Rupee
ISK Icelandic Króna|JPY Japanese Yen|KRW South Korean Won|MXN Mexican Peso|MYR Malaysian Ringgit|NOK Norwegian Krone|NZD New Zealand Dollar
PHP Philippine Peso|PLN Polish Złoty|RON Romanian Leu|RUB Russian Ruble|SEK Swedish Krona|SGD Singapore Dollar|THB Thai Baht
TRY Turkish Lira|USD United States Dollar|ZAR South African Rand|ATS Austrian Schilling|BEF Belgian Franc|BGN Bulgarian Lev
CYP Cypriot Pound|DEM German Mark|EEK Estonian Kroon|ESP Spanish Peseta|FIM Finnish Markka|FRF French Franc|GRD Greek Drachma
HRK Croatian Kuna|IEP Irish Pound|ITL Italian Lira|LTL Lithuanian Litas|LUF Luxembourgish Franc|LVL Latvian Lats|MTL Maltese Lira
NLG Dutch Guilder|PTE Portuguese Escudo|ROL Romanian Leu (1952–2006)|SIT Slovenian Tolar|SKK Slovak Koruna|TRL Turkish Lira (1922–2005)`;

const first = 'Council Regulation (EC) No 2866/98';
const toEuro: readonly [from: string, source: string, rates: Readonly<Record<string, string>>][] = [
  [
    '1999-01-01',
    first,
    {
      BEF: '40.3399',
      DEM: '1.95583',
      ESP: '166.386',
      FRF: '6.55957',
      IEP: '0.787564',
      ITL: '1936.27',
      LUF: '40.3399',
      NLG: '2.20371',
      ATS: '13.7603',
      PTE: '200.482',
      FIM: '5.94573',
    },
  ],
  ['2001-01-01', 'Council Regulation (EC) No 1478/2000', { GRD: '340.750' }],
  ['2007-01-01', 'Council Regulation (EC) No 1086/2006', { SIT: '239.640' }],
  ['2008-01-01', 'Council Regulation (EC) No 1135/2007', { CYP: '0.585274' }],
  ['2008-01-01', 'Council Regulation (EC) No 1134/2007', { MTL: '0.429300' }],
  ['2009-01-01', 'Council Regulation (EC) No 694/2008', { SKK: '30.1260' }],
  ['2011-01-01', 'Council Regulation (EU) No 671/2010', { EEK: '15.6466' }],
  ['2014-01-01', 'Council Regulation (EU) No 870/2013', { LVL: '0.702804' }],
  ['2015-01-01', 'Council Regulation (EU) No 851/2014', { LTL: '3.45280' }],
  ['2023-01-01', 'Council Regulation (EU) 2022/1208', { HRK: '7.53450' }],
  ['2026-01-01', 'Council Regulation (EU) 2025/1409', { BGN: '1.95583' }],
];

const replacements = new Map<string, Replacement>([
  ...toEuro.flatMap(([from, source, rates]) =>
    Object.entries(rates).map(([code, ratio]) => [code, { successor: 'EUR', ratio, from, source }] as const),
  ),
  ['TRL', { successor: 'TRY', ratio: '1000000', from: '2005-01-01', source: 'Turkish Law No 5083 of 28 January 2004' }],
  ['ROL', { successor: 'RON', ratio: '10000', from: '2005-07-01', source: 'Romanian Law No 348/2004' }],
]);
const suspensions = new Map<string, Suspension>([
  ['RUB', { from: '2022-03-02', source: 'Press release of the ECB of 2 March 2022' }],
  ['ISK', { from: '2008-12-10', until: '2018-01-31', source: ecbHistory }],
]);

/** Every currency that the ECB has published rates of, and those that the euro replaced at its start. */
export const currencies: ReadonlyMap<string, CurrencyFacts> = new Map(
  names
    .trim()
    .split(/[|\n]/)
    .map((entry) => {
      const code = entry.slice(0, 3);
      const [replaced, suspended] = [replacements.get(code), suspensions.get(code)];
      const facts = { code, name: entry.slice(4), minorUnit: minorUnit(code) };
      return [code, { ...facts, ...(replaced && { replaced }), ...(suspended && { suspended }) }] as const;
    }),
);

/** @returns the rate that the law fixed for a currency which the euro has replaced by a day: units for one euro */
export const fixedRate = (code: string, date: string): string | undefined => {
  const replaced = replacements.get(code);
  return replaced?.successor === 'EUR' && date >= replaced.from ? replaced.ratio : undefined;
};

/** @returns what the table says of a currency without a rate on a day, in a sentence; undefined when nothing */
export const whyWithoutRate = (code: string, date: string): string | undefined => {
  const facts = currencies.get(code);
  const { replaced, suspended } = facts ?? {};
  if (replaced !== undefined && date >= replaced.from)
    return `${replaced.successor} replaced it on ${replaced.from}, one for ${replaced.ratio}.`;
  if (suspended !== undefined && date >= suspended.from && date <= (suspended.until ?? '9999'))
    return `The ECB suspended it on ${suspended.from}${suspended.until ? ` until ${suspended.until}` : ''}.`;
  return undefined;
};
