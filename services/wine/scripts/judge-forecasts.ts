/**
 * Forecasts the windows of a backtest (JSON with `windows`: id, origin, first_year, train), each origin by itself, with nothing known after it.
 *
 *   node scripts/judge-forecasts.ts windows.json > forecasts.json
 */
import { readFileSync } from 'node:fs';
import { forecastRows } from '../src/forecast/forecast-rows.ts';

interface Window {
  readonly id: string;
  readonly origin: number;
  readonly first_year: number;
  readonly train: readonly (number | null)[];
}

const { windows } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as { windows: Window[] };
const forecasts: Record<string, unknown> = {};
for (const origin of new Set(windows.map((window) => window.origin))) {
  const batch = windows.filter((window) => window.origin === origin);
  // The windows are of rows of 30 years at their end; at their origin they may be shorter.
  const made = forecastRows(
    batch.map(({ first_year, train }) => ({ firstYear: first_year, values: train })),
    1,
  );
  for (const [index, { id }] of batch.entries()) {
    const { years = [], refused = 'unknown' } = made[index] ?? {};
    const column = (name: 'point' | 'lower80' | 'upper80' | 'lower95' | 'upper95') => years.map((year) => year[name]);
    forecasts[id] =
      refused === null
        ? {
            point: column('point'),
            lower80: column('lower80'),
            upper80: column('upper80'),
            lower95: column('lower95'),
            upper95: column('upper95'),
          }
        : { refused };
  }
}
process.stdout.write(JSON.stringify({ method: 'vindima', forecasts }));
