import { type AnyMessage, asyncApiDocument, messagesOf } from '@vindima/contracts';
import type { App } from './app.ts';

/**
 * Serves the document of a service's messages at `/asyncapi.json`: what it hears, and the events that are its own.
 *
 * @param heard the definitions it has a handler for, asked at each request as handlers are registered later
 */
export const registerAsyncApi = (
  app: App,
  service: { title: string; name: string; description: string; version: string },
  heard: () => readonly AnyMessage[],
): void => {
  app.get('/asyncapi.json', { schema: { hide: true } }, async () => {
    const events = messagesOf(service.name).filter(({ kind }) => kind === 'event');
    return asyncApiDocument({
      title: service.title,
      version: service.version,
      description: service.description,
      messages: [
        ...heard().map((definition) => ({ definition, direction: 'receives' as const })),
        ...events.map((definition) => ({ definition, direction: 'sends' as const })),
      ],
    });
  });
};
