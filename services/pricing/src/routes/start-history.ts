import { ErrorBody, Job, ServiceError } from '@vindima/contracts';
import { dateOf, isCalendarDate } from '../calendar.ts';
import type { Kit, PricingContext } from '../context.ts';
import { HistoryInput, type HistoryJob } from '../jobs.ts';

/** `POST /pricing/history`: loads rates back to a day; what is loaded already is not asked for again. */
export const startHistory = ({ app }: Kit, { clock }: PricingContext, history: HistoryJob) => {
  app.post(
    '/pricing/history',
    {
      schema: {
        tags: ['runs'],
        summary: 'Load rates back to a day',
        body: HistoryInput,
        response: { 202: Job, 400: ErrorBody, 422: ErrorBody },
      },
    },
    async (request, reply) => {
      const { from } = request.body;
      if (!isCalendarDate(from) || from > dateOf(clock())) {
        throw new ServiceError(422, 'pricing.invalid_period', `"${from}" is not a day of the past.`, {
          details: { from },
        });
      }
      const job = await history.start(request.body);
      return reply.code(202).header('location', `/jobs/${job.id}`).send(job);
    },
  );
};
