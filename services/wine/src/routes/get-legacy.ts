import { ErrorBody, type WineSeries } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { findByTipo, findSeries, legacyKinds } from '../catalogue/find.ts';
import type { WineContext } from '../ingest/job.ts';
import type { Shelf } from '../shelf/shelf.ts';
import { sendPrebuilt } from './send-prebuilt.ts';

const LegacyBody = Type.Record(
  Type.String(),
  Type.Array(Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]))),
  {
    description:
      'Row names in file order, each with one object of years per row of that name. Where a year has a quantity and a ' +
      'value, the value is `"1970.1"`. Missing is null.',
  },
);
const response = { 200: LegacyBody, 404: ErrorBody, 503: ErrorBody };

/** The five addresses of the earlier system. Its clients know neither pages nor envelopes, so all else is in headers. */
export const getLegacy = ({ app }: WineContext, shelf: Shelf) => {
  const send = (series: WineSeries, request: Pick<FastifyRequest, 'headers' | 'raw'>, reply: FastifyReply) => {
    const { legacy, manifest } = shelf.get(series);
    reply.header('x-vindima-source', manifest.source.kind);
    reply.header('x-vindima-stale', shelf.isStale(series) ? 'true' : 'false');
    sendPrebuilt(request, reply, legacy);
  };
  const tags = ['earlier clients'];

  for (const [path, id] of [
    ['/producaoCSV', 'production'],
    ['/comercializacaoCSV', 'commercialization'],
  ] as const) {
    const series = findSeries(id);
    app.get(
      path,
      { compress: false, schema: { tags, summary: `${series.title.en} (${series.title.pt})`, response } },
      (request, reply) => send(series, request, reply),
    );
  }
  for (const kind of legacyKinds) {
    app.get(
      `/${kind}/tipo/:tipo`,
      {
        compress: false,
        schema: {
          tags,
          summary: `${kind} of a tipo; an unknown one is a 404 that names the valid ones`,
          params: Type.Object({ tipo: Type.String() }),
          response,
        },
      },
      (request, reply) => send(findByTipo(kind, request.params.tipo), request, reply),
    );
  }
};
