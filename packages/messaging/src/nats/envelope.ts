import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { Message } from '../bus.ts';

/** Addresses a replayed message to the consumer that failed; all others let it pass. */
export const targetHeader = 'vindima-consumer';

const text = new TextDecoder('utf-8', { fatal: true });

/** CloudEvents attributes in headers are percent-encoded: spaces, quotes, percent signs, and all that is not printable ASCII. */
export const encodeHeader = (value: string): string =>
  value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character.toWellFormed()));

export const decodeHeader = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // written by somebody who does not encode
  }
};

/** Writes the attributes of CloudEvents 1.0 in NATS binary content mode. */
export const toHeaders = (message: Message): MsgHdrs => {
  const result = headers();
  result.set('ce-specversion', '1.0');
  result.set('ce-id', encodeHeader(message.id));
  if (message.type !== '') result.set('ce-type', encodeHeader(message.type));
  result.set('ce-source', encodeHeader(message.source));
  result.set('ce-time', encodeHeader(message.time));
  result.set('content-type', 'application/json');
  if (message.traceparent !== undefined) result.set('traceparent', encodeHeader(message.traceparent));
  if (message.reference !== undefined) result.set('ce-reference', encodeHeader(message.reference));
  return result;
};

/** What is known of a stored message besides its headers. */
export interface Stored {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  readonly time: Date;
  /** For a message without an id: stays the same however often it is delivered. */
  readonly fallbackId: string;
}

/** Reads the attributes; a message that was published by hand, without them, gets them filled in. */
export const readAttributes = (stored: Stored): Omit<Message, 'payload'> => {
  const header = (name: string) => decodeHeader(stored.headers?.get(name) ?? '');
  const traceparent = header('traceparent');
  // By hand, without the prefix: `nats pub -H reference:...`
  const reference = header('ce-reference') || header('reference');
  return {
    id: header('ce-id') || header('Nats-Msg-Id') || stored.fallbackId,
    subject: stored.subject,
    type: header('ce-type'),
    source: header('ce-source') || 'unknown',
    time: header('ce-time') || stored.time.toISOString(),
    ...(traceparent === '' ? {} : { traceparent }),
    ...(reference === '' ? {} : { reference }),
  };
};

/** @throws SyntaxError saying why the body is not JSON. */
export const readPayload = (data: Uint8Array): unknown => {
  if (data.length === 0) throw new SyntaxError('The body is empty, expected JSON');
  try {
    return JSON.parse(text.decode(data));
  } catch (cause) {
    throw new SyntaxError(`The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
};
