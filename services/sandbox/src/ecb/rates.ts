import { type ListedDay, listedDays, toDate } from './calendar.ts';
import { type SeriesShape, series } from './currencies.ts';

/** One day of one series. */
export interface Observation {
  readonly date: string;
  /** Empty where the day is listed without a rate. */
  readonly value: string;
  /** When it was published, or revised. */
  readonly updatedAt: string;
}

const firstDay = '1999-01-04';
// 16:00 CET; the hour that summer time takes away is not worth a calendar.
const publicationTime = 'T15:00:00.000Z';

/**
 * Made-up rates: the same for the same currency and day on every machine, for ever. The day's rate appears when the ECB would
 * publish it. Single ones can be revised, as the ECB does, and then carry the time of the revision.
 */
export const createRates = (now: () => Date) => {
  const revisions = new Map<string, Observation>();
  let cache: { readonly until: string; readonly all: ReadonlyMap<string, readonly Observation[]> } | undefined;

  /** The last day whose rates are out. */
  const lastPublished = () => toDate(now().getTime() - 15 * 3_600_000);
  const generated = () => {
    const until = lastPublished();
    if (cache?.until !== until) {
      const listed = listedDays(firstDay, until);
      cache = { until, all: new Map(series.map((shape) => [shape.code, walk(shape, listed)])) };
    }
    return cache.all;
  };
  return {
    /** @returns the observations of a currency, oldest first */
    of(code: string): readonly Observation[] {
      const observations = generated().get(code) ?? [];
      if (revisions.size === 0) return observations;
      return observations.map((observation) => revisions.get(code + observation.date) ?? observation);
    },
    /** Publishes another value for a day that has one; empty withdraws it. @returns whether there is such a day */
    revise(code: string, date: string, value: string): boolean {
      if (
        !generated()
          .get(code)
          ?.some((observation) => observation.date === date)
      )
        return false;
      revisions.set(code + date, { date, value, updatedAt: now().toISOString() });
      return true;
    },
    /** Forgets all revisions. */
    reset: () => revisions.clear(),
  };
};
export type Rates = ReturnType<typeof createRates>;

/** A random walk that is drawn back to its level, so that 25 years of it stay plausible. */
const walk = (
  { code, level, wander, decimals, from = firstDay, until = '9999' }: SeriesShape,
  listed: readonly ListedDay[],
): Observation[] => {
  const random = generator(code);
  const observations: Observation[] = [];
  let distance = 0;
  for (const { date, open } of listed) {
    // Drawn for days before the first one too: the value of a day does not depend on where a series starts.
    distance = distance * 0.998 + wander * (random() + random() + random() - 1.5);
    if (date < from || date > until) continue;
    const value = open ? String(Number((level * Math.exp(distance)).toFixed(decimals))) : '';
    observations.push({ date, value, updatedAt: date + publicationTime });
  }
  return observations;
};

/** Random numbers from 0 to 1, the same for the same name (mulberry32). */
const generator = (name: string) => {
  let state = [...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
};
