import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { ServiceError } from '@vindima/contracts';
import { delay } from '../delay.ts';
import { errorText } from '../error-text.ts';
import type { NatsContext } from './context.ts';

export interface PullOptions {
  readonly signal: AbortSignal;
  /** Finds or makes the consumer; called again whenever pulling failed. */
  readonly open: () => Promise<Consumer>;
  /** Waits until there is room, then says for how many. */
  readonly room: () => Promise<number>;
  readonly accept: (message: JsMsg) => void;
}

/** How long one pull request lies at the server. */
const expiresMs = 20_000;
/** Twice without a sign of life, and the consumer is taken for gone: nats-server 2.9 does not say so itself. */
const heartbeatMs = 3_000;
const longestPauseMs = 2_000;

/**
 * Pulls until the signal is aborted: exactly as many messages as there is room for, so that none waits in a client's buffer
 * while its acknowledgement time runs. Outlives restarts of the broker and the loss of consumer and stream.
 */
export const pullUntilAborted = async (context: NatsContext, first: Consumer, options: PullOptions): Promise<void> => {
  const { signal } = options;
  let consumer: Consumer | undefined = first;
  let current: ConsumerMessages | undefined;
  let failures = 0;
  const interrupt = () => {
    current?.close().catch((error: unknown) => context.logger.debug({ error: errorText(error) }, 'pull closed'));
  };
  signal.addEventListener('abort', interrupt, { once: true });
  context.reconnects.add(interrupt);
  try {
    while (!signal.aborted) {
      const count = await options.room();
      if (signal.aborted) break;
      try {
        consumer ??= await options.open();
        current = await consumer.fetch({
          max_messages: count,
          expires: expiresMs,
          idle_heartbeat: heartbeatMs,
          bind: true,
        });
        if (signal.aborted) interrupt();
        for await (const message of current) options.accept(message);
        failures = 0;
      } catch (error) {
        consumer = undefined;
        failures += 1;
        const details = { error: errorText(error), failures };
        if (error instanceof ServiceError) context.logger.error(details, 'cannot consume');
        else context.logger.debug(details, 'pulling again');
        await delay(Math.min(longestPauseMs, 25 * 2 ** Math.min(failures, 10)), signal);
      }
    }
  } finally {
    context.reconnects.delete(interrupt);
    signal.removeEventListener('abort', interrupt);
  }
};
