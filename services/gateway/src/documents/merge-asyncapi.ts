import type { Json, JsonObject } from '@vindima/contracts';

/** A service's own document, or that it could not be had. */
export interface ServiceDocument {
  readonly service: string;
  readonly document: JsonObject | undefined;
}

/** One AsyncAPI 3 document of several: a channel that two services use is there once, their operations under their names. */
export const mergeAsyncApi = (
  about: { title: string; description: string; version: string },
  documents: readonly ServiceDocument[],
): JsonObject => {
  const channels: Record<string, JsonObject> = {};
  const operations: JsonObject = {};
  const messages: JsonObject = {};
  for (const { service, document } of documents) {
    for (const [name, channel] of entries(document?.channels)) {
      const inner = channel as JsonObject;
      const known = channels[name] ?? inner;
      channels[name] = { ...known, messages: { ...(known.messages as JsonObject), ...(inner.messages as JsonObject) } };
    }
    for (const [name, operation] of entries(document?.operations)) {
      operations[`${service}.${name}`] = { ...(operation as JsonObject), tags: [{ name: service }] };
    }
    Object.assign(messages, (document?.components as JsonObject | undefined)?.messages ?? {});
  }
  const missing = documents.filter(({ document }) => document === undefined).map(({ service }) => service);
  const note = missing.length === 0 ? '' : ` Not in here, as it does not answer just now: ${missing.join(', ')}.`;
  return {
    asyncapi: '3.0.0',
    info: { ...about, description: about.description + note },
    'x-unavailable-services': missing,
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages },
  };
};

const entries = (value: Json | undefined) => Object.entries((value ?? {}) as JsonObject);
