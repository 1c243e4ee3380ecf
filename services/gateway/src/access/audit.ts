import type { AuditEntry } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Logger } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { GatewayTables } from '../db/tables.ts';

const flushMs = 250;
const rowsPerInsert = 500;
const mostWaiting = 100_000;
const dayMs = 86_400_000;
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Writes down who changed what: every request that may change something, whoever is known to have made it, with how it ended; and
 * logins, also failed ones. Rows are written a few times a second, many at once; what is in hand is written before the gateway ends.
 */
export const createAudit = (database: Database<GatewayTables>, logger: Logger, clock: () => Date) => {
  let waiting: Omit<AuditEntry, 'id'>[] = [];
  let writing: Promise<void> = Promise.resolve();

  const flush = () => {
    const rows = waiting;
    waiting = [];
    if (rows.length === 0) return;
    writing = writing.then(async () => {
      let written = 0;
      try {
        for (let start = 0; start < rows.length; start += rowsPerInsert) {
          const some = rows.slice(start, start + rowsPerInsert);
          await database.query.insertInto('audit').values(some).execute();
          written += some.length;
        }
      } catch (error) {
        // Kept for the next time, and in the log in case there is none.
        const kept = rows.slice(written);
        logger.error({ err: error, rows: kept.length }, 'the audit could not be written yet');
        waiting = [...kept, ...waiting].slice(0, mostWaiting);
      }
    });
  };
  const timer = setInterval(flush, flushMs);

  return {
    record: (request: FastifyRequest, reply: FastifyReply) => {
      // Before anybody was identified the request was refused already.
      const who = request.principal as Principal | undefined;
      const login = request.url.startsWith('/auth/login');
      if (who === undefined || onlyAsks(request) || request.is404) return;
      if (who.kind === 'nobody' && !login) return;
      waiting.push({
        at: clock().toISOString(),
        who: who.caller,
        method: request.method,
        path: request.url.slice(0, 2000),
        service: request.requirement?.service ?? 'gateway',
        status: reply.raw.statusCode,
        request_id: request.id,
        address: request.ip,
      });
    },
    list: async (query: { limit: number; cursor?: string | undefined; who?: string | undefined }) => {
      flush();
      await writing;
      let select = database.query
        .selectFrom('audit')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(query.limit + 1);
      if (query.cursor !== undefined) select = select.where('id', '<', Number(query.cursor));
      if (query.who !== undefined) select = select.where('who', '=', query.who);
      const rows = await select.execute();
      const items = rows.slice(0, query.limit);
      return { items, next_cursor: rows.length > query.limit ? String(items.at(-1)?.id) : null };
    },
    prune: (days: number) =>
      database.query
        .deleteFrom('audit')
        .where('at', '<', new Date(clock().getTime() - days * dayMs).toISOString())
        .execute(),
    close: async () => {
      clearInterval(timer);
      flush();
      await writing;
    },
  };
};
export type Audit = ReturnType<typeof createAudit>;

/** By its method, or by the rule it was held to: what viewers may ask of a model with POST changes nothing. */
const onlyAsks = ({ method, requirement }: FastifyRequest) =>
  readingMethods.has(method) || (requirement?.access === 'read' && requirement.role !== 'public');
