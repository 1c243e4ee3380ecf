import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServiceError } from '@vindima/contracts';
import type { BatchHandler, Consumer, ConsumerOptions, Delivery, Outcome } from '../bus.ts';
import { errorText } from '../error-text.ts';
import { createGate } from '../gate.ts';
import { backoffDelay, givenUpAt, neverAnswered } from '../limits.ts';
import { runHandler } from '../run-handler.ts';
import { streamOf } from '../subjects.ts';
import { announce, type InProcessContext } from './context.ts';
import { bury } from './dead-letters.ts';
import { createDeliveryTable, type Taken } from './deliveries.ts';

/** @returns the row of a durable consumer, made when it is new: it begins with the oldest message that is kept. */
const ensureConsumer = ({ storage }: InProcessContext, name: string, subject: string): number =>
  storage.transaction(() => {
    if (streamOf(subject) === 'commands') {
      const other = storage.statement('SELECT name FROM consumers WHERE subject = ? AND name <> ?').get(subject, name);
      if (other !== undefined) {
        throw new ServiceError(
          409,
          'messaging.command_taken',
          `${subject} already has a consumer of another name than "${name}"; a command has exactly one`,
        );
      }
    }
    const insert = 'INSERT INTO consumers (name, subject, position) VALUES (?, ?, 0) ON CONFLICT DO NOTHING';
    storage.statement(insert).run(name, subject);
    const row = storage.statement('SELECT id FROM consumers WHERE subject = ? AND name = ?').get(subject, name);
    return Number(row?.id);
  });

/** Consumes one subject: sleeps until something is published or due, takes a batch, handles it, writes down what became of it. */
export const consumeSubject = (
  context: InProcessContext,
  options: Required<ConsumerOptions>,
  subject: string,
  handler: BatchHandler,
): Consumer => {
  const { storage, logger, repeated } = context;
  const key = `${options.name}:${subject}`;
  const id = ensureConsumer(context, options.name, subject);
  const table = createDeliveryTable(context, { id, name: options.name, subject });
  const stopping = new AbortController();
  const { signal } = stopping;
  const gate = createGate();
  const listen = (subjects: ReadonlySet<string>) => {
    if (subjects.has(subject)) gate.open();
  };
  context.listeners.add(listen);

  const settle = (taken: Taken, outcome: Outcome) => {
    if (outcome.done) {
      table.done(taken.sequence);
      return;
    }
    const now = new Date().toISOString();
    const { attempt, message } = taken;
    const firstFailedAt = taken.firstFailedAt ?? now;
    const error = errorText(outcome.error);
    const details = { subject, consumer: options.name, id: message.id, attempts: attempt, error };
    if (outcome.dead !== true && attempt < options.maximumDeliveries) {
      table.later(taken, backoffDelay(options.backoffMs, attempt), firstFailedAt);
      repeated('warn', key, details, 'a message failed and comes again');
      return;
    }
    bury(context, message, {
      consumer: options.name,
      attempts: attempt,
      error,
      firstFailedAt,
      lastFailedAt: now,
    });
    table.done(taken.sequence);
    repeated('error', key, details, 'a message went to the dead letters');
  };

  const handle = async (taken: readonly Taken[]): Promise<void> => {
    const live = taken.filter(({ attempt }) => attempt < givenUpAt(options.maximumDeliveries));
    const deliveries = live.map(
      ({ message, sequence, attempt }): Delivery => ({ ...message, sequence, attempt, signal }),
    );
    const outcomes = live.length === 0 ? [] : await runHandler(handler, deliveries);
    storage.transaction(() => {
      for (const entry of taken) {
        const outcome = outcomes[live.indexOf(entry)] ?? {
          done: false,
          error: neverAnswered(entry.attempt),
          dead: true,
        };
        settle(entry, outcome);
      }
    });
    // Whoever shares this work sleeps until the next message is due: let it look again.
    if (outcomes.some(({ done }) => !done)) announce(context, new Set([subject]));
  };

  const rest = async (): Promise<void> => {
    const due = table.nextDue();
    if (due === undefined) return await gate.wait();
    // A day at most: longer waits overflow the timer.
    const timer = setTimeout(gate.open, Math.min(Math.max(due - Date.now(), 0), 86_400_000));
    await gate.wait();
    clearTimeout(timer);
  };

  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const taken = table.take(options.batch);
        if (taken.length === 0) await rest();
        else await handle(taken);
        // Handlers that never leave the microtask queue must not starve timers and sockets.
        await nextTurn();
      } catch (error) {
        logger.error({ subject, consumer: options.name, error: errorText(error) }, 'the message store failed');
        const timer = setTimeout(gate.open, 1_000);
        await gate.wait();
        clearTimeout(timer);
      }
    }
  };

  const working = work();
  return {
    stop: async () => {
      stopping.abort();
      gate.open();
      await working;
      context.listeners.delete(listen);
    },
  };
};
