import {
  ServiceError,
  type WineForecastItem,
  WineForecastRequest,
  wineForecastKind,
  wineForecastMade,
} from '@vindima/contracts';
import type { JobHandle } from '@vindima/service-kit';
import type { Static } from 'typebox';
import type { AllTables, WineContext } from '../context.ts';
import { writeForecast } from '../db/forecasts.ts';
import { forecastInWorker } from '../forecast/in-worker.ts';
import { methodSentence } from '../forecast/method.ts';
import { subjectsOf } from '../forecast/rows-of.ts';

export type ForecastingJob = JobHandle<Static<typeof WineForecastRequest>, AllTables>;

/** Forecasts all series together, as they are served when the job begins: the intervals of each row come from all rows of its kind. */
export const defineForecasting = ({ jobs, shelf, clock, messages }: WineContext): ForecastingJob =>
  jobs.define({
    kind: wineForecastKind,
    input: WineForecastRequest,
    summarize: ({ forecasts, refused }: { forecasts: number; refused: number }) =>
      `${forecasts} rows and totals forecast, ${refused} refused`,
    run: async ({ id, signal, progress, complete }) => {
      const served = shelf.all();
      if (served.length === 0) throw new ServiceError(503, 'wine.no_data', 'There is no data to forecast yet.');
      const subjects = served.flatMap(({ table }) => subjectsOf(table));
      progress(0.1, `forecasting ${subjects.length} rows and totals`);
      const made = await forecastInWorker(
        subjects.map(({ firstYear, values }) => ({ firstYear, values })),
        signal,
      );
      const items = subjects.map(({ about, firstYear, values }, index): WineForecastItem => {
        const {
          kind = 'sparse',
          firstYear: from = null,
          years = [],
          backtest = null,
          refused = null,
        } = made[index] ?? {};
        return {
          ...about,
          kind,
          first_year: from,
          last_year: firstYear + values.length - 1,
          years: [...years],
          backtest,
          refused,
        };
      });
      const madeAt = clock().toISOString();
      const refused = items.filter((item) => item.refused !== null).length;
      const result = {
        run: id,
        series: served.map(({ table }) => table.series.id),
        forecasts: items.length - refused,
        refused,
        made_at: madeAt,
      };
      await complete(async (transaction) => {
        for (const { table, manifest } of served) {
          await writeForecast(transaction, id, table.series.id, {
            method: methodSentence,
            vintage: manifest.source.sha256,
            made_at: madeAt,
            items: items.filter(({ series }) => series === table.series.id),
          });
        }
        await messages.send(transaction, wineForecastMade, result);
        return result;
      });
    },
  });
