import { createHash } from 'node:crypto';
import {
  type WineFormat,
  type WineSeries,
  type WineSeriesQuery,
  wineFormats,
  wineMediaTypes,
  wineOperations,
} from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../query/cursor.ts';
import { type Page, render } from '../query/render.ts';
import { select, sizeOf } from '../query/select.ts';
import { type Prebuilt, prebuild } from '../shelf/prebuilt.ts';
import type { Served } from '../shelf/shelf.ts';
import { renderTidy } from '../tidy/render.ts';
import { selectTidy } from '../tidy/select.ts';
import { sendPrebuilt } from './send-prebuilt.ts';

/** Of bodies that are kept; the fifteen series as JSON are about 20 MB. */
const cacheBytes = 48 * 1024 * 1024;

/** The format of the query, else what the Accept header likes best, else JSON. */
const formatOf = (request: Pick<FastifyRequest, 'raw'>, query: WineSeriesQuery): WineFormat => {
  if (query.format !== undefined) return query.format;
  const type = new Negotiator(request.raw).mediaType(Object.values(wineMediaTypes));
  return wineFormats.find((format) => wineMediaTypes[format] === type) ?? 'json';
};

const filterOf = ({ cursor: _c, limit: _l, format: _f, form: _o, as_of: _a, ...filter }: WineSeriesQuery) => filter;

type Request = Pick<FastifyRequest, 'headers' | 'raw'> & { readonly query: WineSeriesQuery };

interface Answer {
  readonly body: Prebuilt;
  readonly nextCursor: string | null;
  readonly total: number;
}

/** The rows that a query asks for, in the form that it asks for. */
const rowsOf = ({ table, manifest }: Served, query: WineSeriesQuery) => {
  const filter = filterOf(query);
  if (query.form === 'long') {
    const selection = select(table, filter);
    const processingDate = manifest.processing_date;
    return {
      total: sizeOf(selection),
      write: (page: Page, format: WineFormat) => render(table, { selection, processingDate, ...page }, format),
    };
  }
  const figures = selectTidy(table, filter);
  return { total: figures.length, write: (page: Page, format: WineFormat) => renderTidy(figures, page, format) };
};

const answer = (served: Served, query: WineSeriesQuery, format: WineFormat): Answer => {
  const { total, write } = rowsOf(served, query);
  const { cursor: _cursor, limit: _limit, format: _format, ...asked } = query;
  const digest = createHash('sha256').update(
    JSON.stringify([served.manifest.source.sha256, served.table.series.id, Object.entries(asked).sort()]),
  );
  const version = digest.digest('base64url').slice(0, 16);
  const offset = decodeCursor(query.cursor, version);
  const limit = query.limit ?? total;
  const nextCursor = offset + limit < total ? encodeCursor({ version, offset: offset + limit }) : null;
  const charset = format === 'arrow' || format === 'parquet' ? '' : '; charset=utf-8';
  const body = write({ offset, limit, nextCursor }, format);
  return { body: prebuild(body, `${wineMediaTypes[format]}${charset}`), nextCursor, total };
};

/** Answers the figures of a series, filtered, in pages, in five formats. */
export const getSeries = (context: WineContext) => {
  const { shelf } = context;
  const answers = new LRUCache<string, Answer>({
    maxSize: cacheBytes,
    // Its compressed forms come later and are smaller together.
    sizeCalculation: ({ body }) => body.identity.length * 2 + 1,
  });
  const send = (series: WineSeries, served: Served, request: Request, reply: FastifyReply) => {
    const { query } = request;
    const format = formatOf(request, query);
    const key = JSON.stringify([served.manifest.run, series.id, format, Object.entries(query).sort()]);
    const found = answers.get(key) ?? answer(served, query, format);
    answers.set(key, found);
    reply.header('x-vindima-source', served.manifest.source.kind);
    reply.header('x-vindima-stale', String(shelf.isStale(series)));
    reply.header('x-total-count', String(found.total));
    if (found.nextCursor !== null) reply.header('x-next-cursor', found.nextCursor);
    if (format === 'parquet' || format === 'arrow' || format === 'csv') {
      const extension = format === 'arrow' ? 'arrows' : format;
      reply.header('content-disposition', `inline; filename="${series.id}.${extension}"`);
    }
    sendPrebuilt(request, reply, found.body, format !== 'parquet');
  };
  implement(
    context,
    wineOperations.getSeries,
    (request, reply) => {
      const series = findSeries(request.params.id);
      const { as_of } = request.query;
      if (as_of === undefined) return send(series, shelf.get(series), request, reply);
      return shelf.at(series, as_of).then((served) => {
        send(series, served, request, reply);
        return reply;
      });
    },
    { compress: false },
  );
};
