import type { WineBacktest, WineForecastKind, WineForecastYear } from '@vindima/contracts';
import { spreadOf } from './intervals.ts';
import { fewestYears, kindOf, positiveYears, silentYears, type Values } from './kind.ts';
import { earlierErrors, horizon, pointOf, scaleOf } from './method.ts';
import { fillGaps } from './smoothing.ts';

/** A row to forecast: a figure a year, null where it is unknown. */
export interface ForecastRow {
  readonly firstYear: number;
  readonly values: Values;
}

export interface RowForecast {
  readonly kind: WineForecastKind;
  readonly firstYear: number | null;
  readonly years: readonly WineForecastYear[];
  readonly backtest: WineBacktest | null;
  readonly refused: string | null;
}

const backtestOrigins = 10;
const recentYears = 20;

/** Zeros and blanks before the first figure are "not yet". */
const fromFirstFigure = ({ firstYear, values }: ForecastRow) => {
  const start = values.findIndex((value) => value !== null && value > 0);
  return start === -1 ? undefined : { firstYear: firstYear + start, values: values.slice(start) };
};

/** Of rows that were silent as long as some row is: how many there were, and how many had a figure again within the horizon. */
export type SilenceCounts = (silent: number) => { readonly rows: number; readonly again: number };

/** Counts at every earlier year of every row; a row is counted once for a length of silence. */
export const countSilence = (all: readonly Values[]): SilenceCounts => {
  const counts = new Map<number, { rows: number; again: number }>();
  for (const values of all) {
    for (let end = 1; end + horizon <= values.length; end++) {
      if (values[end - 1] !== 0) continue;
      const silent = silentYears(values.slice(0, end));
      const count = counts.get(silent) ?? { rows: 0, again: 0 };
      count.rows += 1;
      if (values.slice(end, end + horizon).some((value) => value !== null && value > 0)) count.again += 1;
      counts.set(silent, count);
    }
  }
  return (silent) => counts.get(silent) ?? { rows: 0, again: 0 };
};

const refusal = (
  kind: WineForecastKind,
  { firstYear, values }: { readonly firstYear: number; readonly values: Values },
  silence: SilenceCounts,
): string | null => {
  if (kind === 'ended') {
    const silent = silentYears(values);
    const last = firstYear + values.findLastIndex((value) => value !== null && value > 0);
    const { rows, again } = silence(silent);
    const base =
      rows === 0
        ? 'no row was silent that long before'
        : `of ${rows} rows silent that long before, ${again} had a figure again within ${horizon} years`;
    return `There is none since ${last}: the last ${silent} known figures are 0; ${base}.`;
  }
  if (kind === 'sparse')
    return `Only ${positiveYears(values)} of ${values.length} years have a figure above 0; a forecast needs ten.`;
  if (kind === 'short')
    return `Its figures begin in ${firstYear}, ${values.length} years before the end; a forecast needs ${fewestYears}.`;
  return null;
};

/** Forecasts a row from its last origins again, as the method and by its last figure. */
const backtest = (values: Values): WineBacktest => {
  const scaled: { ours: number; naive: number }[] = [];
  for (let end = Math.max(2, values.length - backtestOrigins); end < values.length; end++) {
    const train = values.slice(0, end);
    const last = train.at(-1);
    const truths = values.slice(end, end + horizon).filter((value) => value !== null);
    if (last === null || last === undefined || truths.length === 0) continue;
    const changes = train.slice(1).flatMap((value, index) => {
      const before = train[index];
      return value === null || before === null || before === undefined ? [] : [Math.abs(value - before)];
    });
    const scale = changes.reduce((sum, change) => sum + change, 0) / Math.max(changes.length, 1);
    if (!(scale > 0)) continue;
    const point = pointOf(fillGaps(train));
    const error = (of: number) => truths.reduce((sum, truth) => sum + Math.abs(of - truth), 0) / truths.length / scale;
    scaled.push({ ours: error(point), naive: error(last) });
  }
  const mean = (of: 'ours' | 'naive') =>
    scaled.length === 0
      ? null
      : Math.round((scaled.reduce((sum, window) => sum + window[of], 0) / scaled.length) * 1000) / 1000;
  return { windows: scaled.length, mase: mean('ours'), naive_mase: mean('naive') };
};

/**
 * Forecasts rows together: the intervals of each come from the earlier errors of all of its kind.
 *
 * @param rows whose last figures are of about the same year
 * @param minimum years from the first figure on that a row needs
 */
export const forecastRows = (rows: readonly ForecastRow[], minimum = fewestYears): RowForecast[] => {
  const series = rows.map(fromFirstFigure);
  const long = series.flatMap((one) => (one === undefined || one.values.length < minimum ? [] : [one.values]));
  const errors = long.flatMap(earlierErrors);
  const silence = countSilence(long);
  const spreads = {
    continuous: [] as ReturnType<typeof spreadOf>[],
    intermittent: [] as ReturnType<typeof spreadOf>[],
  };
  for (const kind of ['continuous', 'intermittent'] as const) {
    for (let step = 0; step < horizon; step++) {
      spreads[kind].push(spreadOf(errors.filter((error) => error.kind === kind && error.step === step)));
    }
  }
  return series.map((one): RowForecast => {
    if (one === undefined) {
      return {
        kind: 'sparse',
        firstYear: null,
        years: [],
        backtest: null,
        refused: 'There never was a figure above 0.',
      };
    }
    const { firstYear, values } = one;
    const known = kindOf(values);
    const kind = (known === 'continuous' || known === 'intermittent') && values.length < minimum ? 'short' : known;
    if (kind !== 'continuous' && kind !== 'intermittent') {
      return { kind, firstYear, years: [], backtest: null, refused: refusal(kind, one, silence) };
    }
    const filled = fillGaps(values);
    const [point, scale] = [pointOf(filled), scaleOf(filled)];
    const recent = values.filter((value) => value !== null).slice(-recentYears);
    const ownChance = positiveYears(recent) / recent.length;
    const years = spreads[kind].map((spread, step): WineForecastYear => {
      const at = (p: number) => spread.quantile(point, scale, p);
      const middle = at(0.5);
      return {
        year: firstYear + values.length + step,
        point,
        lower80: Math.min(at(0.1), point),
        upper80: Math.max(at(0.9), point),
        lower95: Math.min(at(0.025), point),
        upper95: Math.max(at(0.975), point),
        chance: kind === 'continuous' ? null : (ownChance + spread.chance((recent.at(-1) ?? 0) > 0)) / 2,
        median: kind === 'continuous' || middle <= 0 ? null : middle,
      };
    });
    return { kind, firstYear, years, backtest: backtest(values), refused: null };
  });
};
