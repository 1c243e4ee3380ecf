import { type SeriesShape, series } from './currencies.ts';
import type { Observation, Rates } from './rates.ts';

/** The query parameters of the ECB's data API that narrow an answer. */
export interface DataQuery {
  readonly startPeriod?: string;
  readonly endPeriod?: string;
  readonly updatedAfter?: string;
  readonly firstNObservations?: number;
  readonly lastNObservations?: number;
  readonly detail?: 'full' | 'dataonly' | 'serieskeysonly' | 'nodata';
}

export interface SelectedSeries {
  readonly shape: SeriesShape;
  readonly observations: readonly Observation[];
}

/** A request that the ECB answers with 400. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
}

/**
 * Selects what a key and its query ask for. An empty part of the key is a wildcard, `+` means or:
 * `D.USD+JPY.EUR.SP00.A`, `D..EUR.SP00.A`.
 *
 * @throws SyntaxProblem for a key with the wrong number of parts, or a period that is none
 */
export const select = (rates: Rates, key: string, query: DataQuery): SelectedSeries[] => {
  const parts = key.split('.');
  if (parts.length !== 5) throw new SyntaxProblem(`The key has ${parts.length} parts instead of 5.`);
  const allows = (position: number, id: string) =>
    parts[position] === '' || (parts[position]?.split('+').includes(id) ?? false);
  if (!['D', 'EUR', 'SP00', 'A'].every((id, index) => allows(index === 0 ? 0 : index + 1, id))) return [];
  const first = query.startPeriod === undefined ? '' : period(query.startPeriod).first;
  const last = query.endPeriod === undefined ? '9999' : period(query.endPeriod).last;
  const updatedAfter = query.updatedAfter === undefined ? undefined : new Date(query.updatedAfter);
  if (updatedAfter !== undefined && Number.isNaN(updatedAfter.getTime()))
    throw new SyntaxProblem('updatedAfter is no time.');
  const since = updatedAfter?.toISOString();
  return series
    .filter(({ code }) => allows(1, code))
    .map((shape) => {
      const wanted = rates
        .of(shape.code)
        .filter(({ date, updatedAt }) => date >= first && date <= last && (since === undefined || updatedAt > since));
      return { shape, observations: bounded(wanted, query) };
    })
    .filter(({ observations }) => observations.length > 0);
};

const bounded = (observations: readonly Observation[], query: DataQuery) => {
  if (query.firstNObservations !== undefined) return observations.slice(0, query.firstNObservations);
  if (query.lastNObservations !== undefined) return observations.slice(-query.lastNObservations);
  return observations;
};

/** `2025`, `2025-Q2`, `2025-05` and `2025-05-09` as the days that they span. */
const period = (text: string): { first: string; last: string } => {
  const match = /^(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?$/.exec(text);
  if (match === null) throw new SyntaxProblem(`"${text.slice(0, 40)}" is no period.`);
  const [, year = '', quarter, month, day] = match;
  if (day !== undefined) return { first: text, last: text };
  if (month !== undefined) return { first: `${text}-01`, last: `${text}-31` };
  if (quarter === undefined) return { first: `${year}-01-01`, last: `${year}-12-31` };
  const firstMonth = Number(quarter) * 3 - 2;
  const twoDigits = (number: number) => String(number).padStart(2, '0');
  return { first: `${year}-${twoDigits(firstMonth)}-01`, last: `${year}-${twoDigits(firstMonth + 2)}-31` };
};
