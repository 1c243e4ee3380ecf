import type { Logger } from '../../logger.ts';
import type { Middleware } from '../handler.ts';

/** Says what was handled and how long it took; of failures the bus tells, once. */
export const logging =
  (logger: Logger): Middleware =>
  (next) =>
  async (payload, context) => {
    const { id, subject, traceparent } = context.message;
    const start = performance.now();
    await next(payload, context);
    logger.debug({ subject, id, traceparent, ms: Math.round(performance.now() - start) }, 'handled a message');
  };
