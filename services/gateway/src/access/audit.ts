import type { AuditEntry } from '@vindima/contracts';
import type { Database } from '@vindima/database';
import type { Logger } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Insertable } from 'kysely';
import type { Principal } from '../auth/principal.ts';
import type { AuditTable, GatewayTables } from '../db/tables.ts';
import { networkOf } from './network-of.ts';
import { createRequestLimit } from './request-limit.ts';

const flushMs = 250;
const rowsPerInsert = 500;
const mostWaiting = 100_000;
const dayMs = 86_400_000;
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What a column of the table holds. */
const longest = { path: 2000, detail: 500 };
/** Refused reads that are written down in a minute. */
const refusedReads = { ofOne: 20, ofAll: 300 };
/** nginx's "client closed request": there was nobody to be told a status. */
const clientGone = 499;

declare module 'fastify' {
  interface FastifyRequest {
    /** What exactly is changed, for the audit log; set before it is changed, and never with a secret. */
    detail: string | undefined;
  }
}

/**
 * Writes down who changed what: every request that may change something, whoever is known to have made it, with how it ended; and
 * logins, also failed ones; and of what only reads what was refused. A client that does not wait for its answer is written down too. Rows are written a few times a second, many
 * at once; what is in hand is written before the gateway ends.
 */
export const createAudit = (database: Database<GatewayTables>, logger: Logger, clock: () => Date) => {
  let waiting: Insertable<AuditTable>[] = [];
  let writing: Promise<void> = Promise.resolve();
  /** Requests that are not written down yet. Their address is kept, as a connection that has ended may not know it any more. */
  const open = new Map<FastifyRequest, { readonly reply: FastifyReply; readonly address: string }>();

  const entryOf = (request: FastifyRequest, address: string, who: string, status: number): Insertable<AuditTable> => ({
    at: clock().toISOString(),
    who,
    method: request.method,
    path: request.url.slice(0, longest.path),
    service: request.requirement?.service ?? 'gateway',
    status,
    request_id: request.id,
    address,
    detail: request.detail?.slice(0, longest.detail) ?? null,
  });

  const settle = (request: FastifyRequest, status: number) => {
    const followed = open.get(request);
    if (followed === undefined) return;
    open.delete(request);
    // Before anybody was identified the request was refused already.
    const who = request.principal as Principal | undefined;
    if (who === undefined || onlyAsks(request) || request.is404) return;
    if (who.kind === 'nobody' && !isAboutLogins(request)) return;
    waiting.push(entryOf(request, followed.address, who.caller, status));
  };

  /**
   * Those whose client has gone, once the gateway is through with them: only then it is known who it was and what was changed. The
   * connection is looked at, as a response that waits behind another one on it is never closed.
   */
  const settleLeft = () => {
    for (const [request, { reply }] of open) {
      if (reply.sent && request.raw.socket.closed) settle(request, clientGone);
    }
  };

  const flush = () => {
    settleLeft();
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

  const refusals = createRequestLimit(refusedReads.ofOne, 60);
  const allRefusals = createRequestLimit(refusedReads.ofAll, 60);

  return {
    /**
     * Writes a read down that somebody was refused, so that looking for what is open shows. At most so many a minute of one caller and of all, as
     * whoever has no credentials could fill the table.
     */
    refusedRead: (request: FastifyRequest, status: number) => {
      if (!onlyAsks(request) || request.is404) return;
      const who = request.principal.caller;
      const counts = [refusals.count(`${who} ${networkOf(request.ip)}`), allRefusals.count('all')];
      if (counts.some(({ isExceeded }) => isExceeded)) return;
      waiting.push(entryOf(request, request.ip, who, status));
    },
    /** From now on the request is written down when it ends, however it does. */
    follow: (request: FastifyRequest, reply: FastifyReply) => {
      if (readingMethods.has(request.method)) return;
      open.set(request, { reply, address: request.ip });
      const { raw } = reply;
      // Comes after an answer, and also without one; whoever has seen the head of the answer knows how it ended.
      raw.once('close', () => {
        if (raw.headersSent) settle(request, raw.statusCode);
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
      const items = rows
        .slice(0, query.limit)
        .map(({ detail, ...entry }): AuditEntry => (detail === null ? entry : { ...entry, detail }));
      return { items, next_cursor: rows.length > query.limit ? String(items.at(-1)?.id) : null };
    },
    prune: (days: number) =>
      database.query
        .deleteFrom('audit')
        .where('at', '<', new Date(clock().getTime() - days * dayMs).toISOString())
        .execute(),
    close: async () => {
      clearInterval(timer);
      // Nobody is connected any more, and nothing of them is waited for.
      for (const request of open.keys()) settle(request, clientGone);
      flush();
      await writing;
    },
  };
};
export type Audit = ReturnType<typeof createAudit>;

/** By its method, or by the rule it was held to: what viewers may ask of a model with POST changes nothing. */
const onlyAsks = ({ method, requirement }: FastifyRequest) =>
  readingMethods.has(method) || (requirement?.access === 'read' && requirement.role !== 'public');

/** Who has no credential yet shows a password or a refresh token there. */
const isAboutLogins = ({ routeOptions }: FastifyRequest) => routeOptions.url?.startsWith('/auth/') ?? false;
