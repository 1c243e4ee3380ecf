import { gatewayOperations } from '@vindima/contracts';
import type { Bus } from '@vindima/messaging';
import { type App, implement, sendEvents } from '@vindima/service-kit';

/** Streams the platform's events and the progress of jobs. */
export const watchEvents = (app: App, bus: Pick<Bus, 'tail'>) =>
  implement({ app }, gatewayOperations.watchEvents, (request, reply) => {
    const lastId = request.headers['last-event-id'];
    const after = lastId === undefined ? request.query.after : Number(lastId);
    const allowed = app.whileAllowed(request, reply);
    return sendEvents(request, reply, async function* (closed) {
      const signal = AbortSignal.any([closed, allowed]);
      const subjects = [request.query.subject ?? 'events.>'];
      for await (const delivery of bus.tail({ subjects, signal, ...(after === undefined ? {} : { after }) })) {
        const { subject, id, type, source, time, reference, payload, sequence } = delivery;
        const data = { subject, id, type, source, time, reference, payload };
        yield { event: subject, id: String(sequence), data };
      }
    });
  });
