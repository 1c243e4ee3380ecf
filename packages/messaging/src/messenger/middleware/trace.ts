import type { Middleware } from '../handler.ts';
import { createTraceparent, withTraceparent } from '../trace.ts';

/** What the handler sends belongs to the trace of what it handles. */
export const trace: Middleware = (next) => (payload, context) =>
  withTraceparent(createTraceparent(context.message.traceparent), () => next(payload, context));
