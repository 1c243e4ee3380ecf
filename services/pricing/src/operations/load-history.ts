import { pricingOperations, ServiceError } from '@vindima/contracts';
import { answerWithJob, implement } from '@vindima/service-kit';
import { dateOf, isCalendarDate } from '../calendar/dates.ts';
import type { PricingContext, PricingKit } from '../context.ts';
import type { HistoryJob } from '../jobs.ts';

/** Loads rates back to a day; what is loaded already is not asked for again. */
export const loadHistory = (kit: PricingKit, { clock }: PricingContext, history: HistoryJob) =>
  implement(kit, pricingOperations.loadHistory, (request, reply) => {
    const { from } = request.body;
    if (from !== undefined && (!isCalendarDate(from) || from > dateOf(clock()))) {
      throw new ServiceError(422, 'pricing.invalid_period', `"${from}" is not a day of the past.`, {
        details: { from },
      });
    }
    return answerWithJob(history, request.body, request, reply);
  });
