import { wineOperations } from '@vindima/contracts';
import { answerWithJob, implement } from '@vindima/service-kit';
import type { WineContext } from '../context.ts';
import type { ForecastingJob } from '../jobs/forecasting.ts';

/** Forecasts all series. */
export const makeForecasts = (context: WineContext, forecasting: ForecastingJob) =>
  implement(context, wineOperations.makeForecasts, (request, reply) => answerWithJob(forecasting, {}, request, reply));
