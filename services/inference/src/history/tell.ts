import { rowsClassified } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import { fromJson } from '@vindima/database';
import type { Messenger } from '@vindima/messaging';
import type { KitTables, Logger } from '@vindima/service-kit';
import type { InferenceTables } from '../db/tables.ts';
import { merge, type Summary } from './summary.ts';

export interface TellOptions {
  readonly database: Database<InferenceTables & KitTables>;
  readonly messages: Messenger<InferenceTables & KitTables>;
  readonly logger: Logger;
}

const everyMs = 1000;
const groupsAtOnce = 500;

/** Tells of what was classified, once a second. The groups were written with the rows, so that none is told twice or never. */
export const startTelling = ({ database, messages, logger }: TellOptions): { stop(): Promise<void> } => {
  const tellSome = async (): Promise<boolean> => {
    const waiting = await database.query.selectFrom('untold').select('id').limit(1).execute();
    if (waiting.length === 0) return false;
    return database.transaction(async (transaction) => {
      const some = transaction.selectFrom('untold').selectAll().orderBy('id').limit(groupsAtOnce);
      // Of several replicas each tells of other groups.
      const rows = await (database.dialect === 'mysql' ? some.forUpdate().skipLocked() : some).execute();
      if (rows.length === 0) return false;
      for (const summary of merge(rows.map((row) => fromJson<Summary>(row.summary)))) {
        await messages.send(transaction, rowsClassified, summary);
      }
      const ids = rows.map(({ id }) => id);
      await transaction.deleteFrom('untold').where('id', 'in', ids).execute();
      return rows.length === groupsAtOnce;
    });
  };
  let telling: Promise<void> | undefined;
  const tell = async () => {
    try {
      while (await tellSome());
      messages.wake();
    } catch (error) {
      logger.warn({ err: error }, 'could not tell of what was classified; the next second will');
    } finally {
      telling = undefined;
    }
  };
  const timer = setInterval(() => {
    telling ??= tell();
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await telling;
      await tell();
    },
  };
};
