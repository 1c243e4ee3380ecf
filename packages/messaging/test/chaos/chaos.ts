import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { startCrew } from './crew.ts';
import { openChaosDatabase } from './tables.ts';

export interface ChaosOptions {
  /** NATS URL, or the file of the in-process bus (one worker then). */
  readonly address: string;
  readonly databaseUrl: string;
  readonly workers: number;
  readonly durationMs: number;
  /** Goes on for as long as it takes to have so many; a busy machine starts processes slowly. */
  readonly minimumKills: number;
  readonly killEveryMs: number;
  readonly commandsPerSecond: number;
  /** What is restarted in turn, and how often. */
  readonly restarts: readonly (() => Promise<void>)[];
  readonly restartEveryMs: number;
  /** Given up when nothing has moved for so long. */
  readonly stuckMs: number;
  /** Called before a run is given up, to see why. */
  readonly stuck?: () => Promise<void>;
}

export interface ChaosCounts {
  readonly sent: number;
  readonly effects: number;
  readonly events: number;
  /** Commands whose effect, or whose event, is missing. */
  readonly lost: number;
  /** Effects and events that are there more than once. */
  readonly doubled: number;
  /** Seen by the inbox; at least, since who is killed does not report its last. */
  readonly duplicatesPrevented: number;
  /** Rows that the relay left in the outbox. */
  readonly unsent: number;
  readonly kills: number;
  readonly restarts: number;
}

const tickMs = 50;
const confirmWithinMs = 3_000;

/** Lets processes have effects while they and their servers are killed, then counts. */
export const runChaos = async (options: ChaosOptions): Promise<ChaosCounts> => {
  const deaths: string[] = [];
  // Commands that were given to somebody, and when, until somebody says that they are durable.
  const unconfirmed = new Map<number, number>();
  let sent = 0;
  let restarts = 0;
  const crew = startCrew({
    size: options.workers,
    address: options.address,
    databaseUrl: options.databaseUrl,
    published: (n) => unconfirmed.delete(n),
    died: (why) => deaths.push(why),
  });
  const give = (numbers: number[]) => {
    if (numbers.length === 0 || !crew.publish(numbers)) return;
    for (const n of numbers) unconfirmed.set(n, Date.now());
  };
  const giveAgain = () => {
    const late = Date.now() - confirmWithinMs;
    give([...unconfirmed].filter(([, since]) => since < late).map(([n]) => n));
  };

  try {
    const end = Date.now() + options.durationMs;
    let nextKill = Date.now() + options.killEveryMs;
    let nextRestart = Date.now() + options.restartEveryMs;
    let restarting = Promise.resolve();
    while (Date.now() < end || crew.kills < options.minimumKills) {
      const count = Math.ceil((options.commandsPerSecond * tickMs) / 1000);
      if (unconfirmed.size < 4 * options.commandsPerSecond) {
        const numbers = Array.from({ length: count }, (_, index) => sent + index);
        sent += count;
        // Nobody is ready: they count as given, and are given again.
        for (const n of numbers) unconfirmed.set(n, 0);
        give(numbers);
      }
      giveAgain();
      if (Date.now() > nextKill) {
        crew.killOne();
        nextKill = Date.now() + options.killEveryMs * (0.5 + Math.random());
      }
      const restart = options.restarts[restarts % Math.max(1, options.restarts.length)];
      if (restart !== undefined && Date.now() > nextRestart) {
        restarts += 1;
        nextRestart = Date.now() + options.restartEveryMs;
        restarting = restarting.then(restart);
      }
      await delay(tickMs);
    }
    await restarting;
    const counts = await settle(options, sent, () => unconfirmed.size, giveAgain);
    if (deaths.length > 0) throw new Error(`Workers died by themselves: ${deaths.join(', ')}`);
    return { sent, ...counts, duplicatesPrevented: crew.duplicates, kills: crew.kills, restarts };
  } finally {
    await crew.stop();
  }
};

/** Waits until everything has arrived, or nothing moves any more. */
const settle = async (options: ChaosOptions, sent: number, unconfirmed: () => number, giveAgain: () => void) => {
  const database = await openChaosDatabase(options.databaseUrl);
  const count = async (table: 'effects' | 'heard') => {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
      database.query,
    );
    return Number(rows[0]?.count);
  };
  const countUnsent = async () => {
    const { rows } = await sql<{
      count: number;
    }>`select count(*) as count from outbox where sent_at is null`.execute(database.query);
    return Number(rows[0]?.count);
  };
  const distinct = async (table: 'effects' | 'heard') => {
    const { rows } = await sql<{ count: number }>`select count(distinct n) as count from ${sql.table(table)}`.execute(
      database.query,
    );
    return Number(rows[0]?.count);
  };
  try {
    let last = '';
    let movedAt = Date.now();
    for (;;) {
      giveAgain();
      const state = [await count('effects'), await count('heard'), await countUnsent(), unconfirmed()];
      const [effects = 0, events = 0, unsent = 0, open = 0] = state;
      if (last !== state.join()) movedAt = Date.now();
      last = state.join();
      const complete = effects >= sent && events >= sent && unsent === 0 && open === 0;
      if (complete || Date.now() - movedAt > options.stuckMs) {
        if (!complete) await options.stuck?.();
        // A moment for what may still come twice.
        await delay(complete ? 500 : 0);
        const [all, heard] = [await count('effects'), await count('heard')];
        const [done, known] = [await distinct('effects'), await distinct('heard')];
        return {
          effects: all,
          events: heard,
          unsent,
          lost: 2 * sent - done - known,
          doubled: all - done + heard - known,
        };
      }
      await delay(100);
    }
  } finally {
    await database.close();
  }
};
