import type { SeriesShape } from './currencies.ts';

/** How much of an answer is wanted (SDMX REST, `detail`). */
export type Detail = 'full' | 'dataonly' | 'serieskeysonly' | 'nodata';

export const seriesKeyIds = ['FREQ', 'CURRENCY', 'CURRENCY_DENOM', 'EXR_TYPE', 'EXR_SUFFIX'] as const;
export const seriesKey = ({ code }: SeriesShape) => ['D', code, 'EUR', 'SP00', 'A'];

/** Says where it comes from, wherever it shows. */
export const title = ({ name }: SeriesShape) => `${name}/Euro, made-up rate of the Vindima sandbox`;
export const longTitle = ({ name }: SeriesShape) =>
  `Made-up exchange rate of the Vindima sandbox, ${name}/Euro, 2.15 pm (C.E.T.)`;

export const withObservations = (detail: Detail) => detail === 'full' || detail === 'dataonly';
export const withAttributes = (detail: Detail) => detail === 'full' || detail === 'nodata';

/** OBS_STATUS: A normal, H missing because of a holiday. */
export const observationStatus = (value: string) => (value === '' ? 'H' : 'A');
