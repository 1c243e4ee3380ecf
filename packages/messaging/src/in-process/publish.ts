import { ServiceError } from '@vindima/contracts';
import type { Message, Receipt } from '../bus.ts';
import { duplicateWindowMs, maximumPayloadBytes, tooLarge } from '../limits.ts';
import { streamOf } from '../subjects.ts';
import { announce, type InProcessContext } from './context.ts';

interface Waiting {
  readonly messages: readonly { readonly message: Message; readonly payload: string }[];
  readonly resolve: (receipts: readonly Receipt[]) => void;
  readonly reject: (error: unknown) => void;
}

const encode = (message: Message): string => {
  streamOf(message.subject);
  const payload = JSON.stringify(message.payload) ?? 'null';
  const bytes = Buffer.byteLength(payload);
  if (bytes > maximumPayloadBytes) throw tooLarge(message.subject, bytes, maximumPayloadBytes);
  return payload;
};

/** Stores a message, for one consumer alone when `target` is given. Within a transaction. @returns its place in the stream */
export const store = (
  { storage }: InProcessContext,
  message: Omit<Message, 'payload'>,
  payload: string,
  target: string | null = null,
): number => {
  const { lastInsertRowid } = storage
    .statement(
      `INSERT INTO messages (subject, id, type, source, time, traceparent, reference, payload, target, stored_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      message.subject,
      message.id,
      message.type,
      message.source,
      message.time,
      message.traceparent ?? null,
      message.reference ?? null,
      payload,
      target,
      Date.now(),
    );
  return Number(lastInsertRowid);
};

/** The first publish of an id within the window; anything else is a duplicate. */
const isNew = ({ storage }: InProcessContext, message: Message): boolean => {
  const now = Date.now();
  const sql = `INSERT INTO published (stream, id, at) VALUES (?, ?, ?)
               ON CONFLICT DO UPDATE SET at = excluded.at WHERE at < ?`;
  return storage.statement(sql).run(streamOf(message.subject), message.id, now, now - duplicateWindowMs).changes === 1;
};

/** @returns publish: everything that is published in one turn of the event loop is stored in one transaction. */
export const createPublisher = (context: InProcessContext) => {
  let waiting: Waiting[] = [];

  const flush = () => {
    const batch = waiting;
    waiting = [];
    const subjects = new Set<string>();
    const { incarnation } = context.storage;
    let receipts: Receipt[][];
    try {
      receipts = context.storage.transaction(() =>
        batch.map(({ messages }) =>
          messages.map(({ message, payload }) => {
            const stream = streamOf(message.subject);
            if (!isNew(context, message)) return { stream, incarnation, sequence: 0 };
            subjects.add(message.subject);
            return { stream, incarnation, sequence: store(context, message, payload) };
          }),
        ),
      );
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const [index, { resolve }] of batch.entries()) resolve(receipts[index] ?? []);
    announce(context, subjects);
  };

  return async (messages: readonly Message[]): Promise<readonly Receipt[]> => {
    if (messages.length === 0) return [];
    if (!context.storage.isOpen) throw new ServiceError(503, 'messaging.unavailable', 'The message bus is closed');
    const encoded = messages.map((message) => ({ message, payload: encode(message) }));
    return await new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ messages: encoded, resolve, reject });
    });
  };
};
