import type { Bus } from '@vindima/messaging';
import { type App, sendEvents } from '@vindima/service-kit';
import { Type } from 'typebox';

/** Subjects with NATS wildcards, below `events.` only. */
const subjectPattern = '^events\\.([\\w*-]+\\.)*([\\w*-]+|>)$';

/** `GET /events`: the platform's events and the progress of jobs, live. */
export const registerEvents = (app: App, bus: Pick<Bus, 'tail'>): void => {
  app.get(
    '/events',
    {
      schema: {
        tags: ['messages'],
        summary: 'Live events as server-sent events; resumes behind `Last-Event-ID`',
        querystring: Type.Object({
          subject: Type.Optional(Type.String({ pattern: subjectPattern, maxLength: 200, examples: ['events.wine.>'] })),
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'As `Last-Event-ID`; 0 for all that is kept' })),
        }),
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })) }),
      },
      config: {
        requirement: { role: 'viewer', service: 'gateway', access: 'read', serviceOf: ({ query }) => serviceOf(query) },
      },
    },
    (request, reply) => {
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
    },
  );
};

/** Whoever may read one service may watch its events; to watch all of them takes the scope of the whole. */
const serviceOf = (query: unknown): string => {
  const { subject } = query as { subject?: unknown };
  return /^events\.([a-z]+)\./.exec(String(subject))?.[1] ?? 'gateway';
};
