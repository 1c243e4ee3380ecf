import { withCause } from '../cause.ts';
import type { Middleware } from '../handler.ts';

/** What the handler starts and sends carries on the command's id and its sender's reference. */
export const cause: Middleware = (next) => (payload, context) => {
  const { id, subject, reference } = context.message;
  return withCause(
    {
      ...(subject.startsWith('commands.') ? { commandId: id } : {}),
      ...(reference === undefined ? {} : { reference }),
    },
    () => next(payload, context),
  );
};
