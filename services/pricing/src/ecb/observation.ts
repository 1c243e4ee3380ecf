import { isCalendarDate } from '../calendar/dates.ts';
import { type Decimal, formatShortest, readDecimal } from '../money/decimal.ts';
import { unreadable } from './unreadable.ts';

/** A published reference rate: units of `currency` for one euro on a date. */
export interface Observation {
  readonly currency: string;
  /** `2025-05-09` */
  readonly date: string;
  /** Shortest decimal spelling; null where the day is listed without a value (a holiday, or a rate that was withdrawn). */
  readonly rate: string | null;
  /** What stood there instead of a rate: zero, or less. */
  readonly refused?: string;
}

/** The dimensions of a series, as far as an answer names them. Those it leaves out (reduced CSV files) are taken as daily euro rates. */
export interface SeriesKey {
  readonly FREQ?: string | undefined;
  readonly CURRENCY?: string | undefined;
  readonly CURRENCY_DENOM?: string | undefined;
  readonly EXR_TYPE?: string | undefined;
  readonly EXR_SUFFIX?: string | undefined;
}

/** @returns whether it is a series of daily spot rates against the euro: monthly means or rates against the dollar are not mixed in */
export const isDailyEuroSeries = (key: SeriesKey): boolean =>
  (key.FREQ ?? 'D') === 'D' &&
  (key.CURRENCY_DENOM ?? 'EUR') === 'EUR' &&
  (key.EXR_TYPE ?? 'SP00') === 'SP00' &&
  (key.EXR_SUFFIX ?? 'A') === 'A';

const missing = new Set(['', 'NaN', 'N/A', '-', 'null']);
const maximumObservations = 2_000_000;

/** Collects the observations of one answer, and refuses what can't be a rate. */
export const createCollector = () => {
  const collected = new Map<string, Observation>();
  // A day comes with every currency: looking at it once is enough.
  const days = new Set<string>();
  const isDay = (date: string) => days.has(date) || (isCalendarDate(date) && days.add(date).size > 0);
  let skipped = 0;
  return {
    /** A row of a series that is not a daily euro rate. */
    skip() {
      skipped++;
    },
    /**
     * @param value as spelled in the answer; empty, `NaN` or `N/A` where there is none
     * @param multiplier SDMX's UNIT_MULT: the value counts 10^multiplier units
     * @throws ServiceError 502 `pricing.unreadable_rates`
     */
    add(currency: string, date: string, value: string, multiplier = '0') {
      const text = value.trim();
      if (!/^[A-Z]{3}$/.test(currency)) throw unreadable(`"${currency.slice(0, 40)}" is no currency code`);
      if (!isDay(date)) throw unreadable(`"${date.slice(0, 40)}" is no date`);
      const read = missing.has(text) ? { rate: null } : readRate(text, multiplier, `${currency} of ${date}`);
      const key = currency + date;
      const known = collected.get(key);
      if (known !== undefined && known.rate !== read.rate)
        throw unreadable(`it has two rates for ${currency} of ${date}`);
      if (collected.size >= maximumObservations) throw unreadable(`it has more than ${maximumObservations} rates`);
      collected.set(key, { currency, date, ...read });
    },
    /** @throws ServiceError 502 `pricing.unreadable_rates` when the answer held rates, but none that can be used */
    finish(): Observation[] {
      if (collected.size === 0 && skipped > 0) {
        throw unreadable('none of its series are daily rates against the euro (D.<currency>.EUR.SP00.A)');
      }
      return [...collected.values()];
    },
  };
};
export type Collector = ReturnType<typeof createCollector>;

const readRate = (text: string, multiplier: string, where: string): Pick<Observation, 'rate' | 'refused'> => {
  const decimal = readDecimal(text);
  if (decimal === undefined) throw unreadable(`"${text.slice(0, 40)}" is no rate (${where})`);
  // The other rates of the answer stand for themselves.
  if (decimal.units <= 0n) return { rate: null, refused: text };
  const power = Number(multiplier);
  if (!Number.isInteger(power) || Math.abs(power) > 15) throw unreadable(`its unit multiplier is "${multiplier}"`);
  return { rate: formatShortest(shift(decimal, power)) };
};

const shift = ({ units, scale }: Decimal, power: number): Decimal =>
  power <= scale ? { units, scale: scale - power } : { units: units * 10n ** BigInt(power - scale), scale: 0 };
