import type { AnyMessage } from './messages.ts';
import { plainSchema } from './openapi/plain-schema.ts';

export interface AsyncApiInput {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** What the application sends and receives. */
  readonly messages: readonly { readonly definition: AnyMessage; readonly direction: 'sends' | 'receives' }[];
}

export interface Reference {
  readonly $ref: string;
}

/** An AsyncAPI 3.0 document, as far as ours go: https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly defaultContentType: 'application/json';
  readonly channels: Record<string, { address: string; description: string; messages: Record<string, Reference> }>;
  readonly operations: Record<
    string,
    { action: 'send' | 'receive'; channel: Reference; summary: string; messages: Reference[] }
  >;
  readonly components: { readonly messages: Record<string, object> };
}

const purpose = {
  command: 'A command: exactly one consumer does it. Kept until it is done.',
  event: 'An event: every interested service gets it. Kept for 7 days.',
};

/** CloudEvents 1.0 in binary mode; a message without headers is filled in by its receiver. */
const headers = (type: string) => ({
  type: 'object',
  properties: {
    'ce-specversion': { type: 'string', const: '1.0' },
    'ce-id': { type: 'string', description: 'Unique; the same id is handled once. Also sent as Nats-Msg-Id.' },
    'ce-type': { type: 'string', const: type },
    'ce-source': { type: 'string', examples: ['vindima/wine'] },
    'ce-time': { type: 'string', format: 'date-time' },
    traceparent: { type: 'string', description: 'W3C trace context' },
    'content-type': { type: 'string', const: 'application/json' },
  },
});

/** @returns the document of what an application sends and receives; nothing is in it twice. */
export const asyncApiDocument = ({ title, version, description, messages }: AsyncApiInput): AsyncApiDocument => {
  const document: AsyncApiDocument = {
    asyncapi: '3.0.0',
    info: { title, version, description },
    defaultContentType: 'application/json',
    channels: {},
    operations: {},
    components: { messages: {} },
  };
  for (const { definition, direction } of messages) {
    const { subject, type, summary, kind, payload } = definition;
    document.components.messages[type] = {
      name: type,
      title: type,
      summary,
      contentType: 'application/json',
      headers: headers(type),
      payload: plainSchema(payload),
    };
    const channel = document.channels[subject] ?? { address: subject, description: purpose[kind], messages: {} };
    channel.messages[type] = { $ref: `#/components/messages/${type}` };
    document.channels[subject] = channel;
    const action = direction === 'sends' ? 'send' : 'receive';
    document.operations[`${action}.${type}`] = {
      action,
      channel: { $ref: `#/channels/${subject}` },
      summary,
      messages: [{ $ref: `#/channels/${subject}/messages/${type}` }],
    };
  }
  return document;
};
