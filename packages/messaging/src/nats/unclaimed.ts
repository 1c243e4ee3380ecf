import {
  JetStreamApiCodes,
  JetStreamApiError,
  type MsgRequest,
  type NextMsgRequest,
  type StoredMsg,
} from '@nats-io/jetstream';
import type { Unclaimed } from '../bus.ts';
import { subjectMatches } from '../subjects.ts';
import type { NatsContext } from './context.ts';
import { bury } from './dead-letter.ts';
import { readAttributes } from './envelope.ts';

const isGone = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.NoMessageFound || error.code === messageNotThere);
const messageNotThere = 10057;

/** Looks at the commands that no consumer takes. A work queue has no second consumer for a subject, so they are read without one. */
export const createUnclaimed = (context: NatsContext): Unclaimed => {
  const { manager, streams } = context;
  const stream = streams.name('commands');

  const filters = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { config } of manager.consumers.list(stream)) {
      found.push(...(config.filter_subjects ?? [config.filter_subject ?? '>']));
    }
    return found;
  };

  const nextOf = async (subject: string, from: number): Promise<StoredMsg | null> => {
    const next: NextMsgRequest = { next_by_subj: streams.outer(subject), seq: from };
    // The server takes it since 2.9; the client's types have it for direct reads only.
    return await manager.streams.getMessage(stream, next as unknown as MsgRequest).catch((error: unknown) => {
      if (isGone(error)) return null;
      throw error;
    });
  };

  const move = async (subject: string, stored: StoredMsg, reason: string): Promise<void> => {
    const { data, header: headers, time, seq } = stored;
    const fallbackId = `${stream}-${streams.createdAt('commands')}-${seq}`;
    await bury(
      context,
      { data, headers, time },
      {
        consumer: '',
        subject,
        id: readAttributes({ subject, data, headers, time, fallbackId }).id,
        key: `unclaimed-${streams.createdAt('commands')}-${seq}`,
        attempts: 0,
        error: reason,
        firstFailedAt: new Date().toISOString(),
      },
    );
    await manager.streams.deleteMessage(stream, seq).catch((error: unknown) => {
      // Another gateway was faster: the dead letter has the same key, so it is there once.
      if (!isGone(error)) throw error;
    });
  };

  return {
    list: async () => {
      const { state } = await manager.streams.info(stream, { subjects_filter: streams.outer('commands.>') });
      const subjects = Object.entries(state.subjects ?? {});
      if (subjects.length === 0) return [];
      const taken = await filters();
      return subjects
        .filter(([subject]) => !taken.some((pattern) => subjectMatches(pattern, subject)))
        .map(([subject, messages]) => ({ subject: streams.inner(subject), messages }));
    },
    bury: async (subject, reason, { before, limit }) => {
      let moved = 0;
      for (let from = 1; moved < limit; moved += 1) {
        const stored = await nextOf(subject, from);
        if (stored === null || stored.time >= before) break;
        await move(subject, stored, reason);
        from = stored.seq + 1;
      }
      return moved;
    },
  };
};
