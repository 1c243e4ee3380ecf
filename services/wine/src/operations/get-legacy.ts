import { type WineLegacyQuery, type WineSeries, wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findByTipo, findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../context.ts';
import { sendPrebuilt } from './send-prebuilt.ts';

type Request = Pick<FastifyRequest, 'headers' | 'raw'> & { readonly query: WineLegacyQuery };

/** Answers the five addresses of the earlier system. Its clients know neither pages nor envelopes, so all else is in headers. */
export const getLegacy = (context: WineContext) => {
  const { shelf } = context;
  const send = (series: WineSeries, request: Request, reply: FastifyReply) => {
    const { legacy, manifest } = shelf.get(series);
    reply.header('x-vindima-source', manifest.source.kind);
    reply.header('x-vindima-stale', shelf.isStale(series) ? 'true' : 'false');
    sendPrebuilt(request, reply, legacy[request.query.missing ?? 'zero']);
  };
  const { getProduction, getCommercialization, getProcessing, getImports, getExports } = wineOperations;
  const options = { compress: false } as const;
  for (const [operation, id] of [
    [getProduction, 'production'],
    [getCommercialization, 'commercialization'],
  ] as const) {
    const series = findSeries(id);
    implement(context, operation, (request, reply) => send(series, request, reply), options);
  }
  for (const [operation, kind] of [
    [getProcessing, 'processamentoCSV'],
    [getImports, 'importacaoCSV'],
    [getExports, 'exportacaoCSV'],
  ] as const) {
    implement(
      context,
      operation,
      (request, reply) => send(findByTipo(kind, request.params.tipo), request, reply),
      options,
    );
  }
};
