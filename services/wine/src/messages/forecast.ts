import { forecastWine } from '@vindima/contracts';
import type { WineContext } from '../context.ts';
import type { ForecastingJob } from '../jobs/forecasting.ts';

/** `commands.wine.forecast`: forecasts all series, once for each message. */
export const handleForecast = ({ messages }: WineContext, forecasting: ForecastingJob) =>
  messages.on(forecastWine, async (request, { transaction, message }) => {
    await forecasting.start(request, { transaction, idempotencyKey: `message-${message.id}` });
  });
