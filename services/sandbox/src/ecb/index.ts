import { StringEnum } from '@vindima/contracts';
import { Type } from 'typebox';
import type { Upstream } from '../upstream.ts';
import { eurofxrefDaily, eurofxrefHistory } from './eurofxref.ts';
import { chooseFormat } from './formats.ts';
import { createRates } from './rates.ts';
import { type SelectedSeries, SyntaxProblem, select } from './select.ts';

const DataParams = Type.Object({ flow: Type.String(), key: Type.String({ maxLength: 1000 }) });
const DataQuery = Type.Object({
  startPeriod: Type.Optional(Type.String()),
  endPeriod: Type.Optional(Type.String()),
  updatedAfter: Type.Optional(Type.String()),
  firstNObservations: Type.Optional(Type.Integer({ minimum: 1 })),
  lastNObservations: Type.Optional(Type.Integer({ minimum: 1 })),
  detail: Type.Optional(StringEnum(['full', 'dataonly', 'serieskeysonly', 'nodata'])),
  includeHistory: Type.Optional(Type.String()),
  format: Type.Optional(Type.String()),
});
const Revision = Type.Object({
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  date: Type.String({ format: 'date' }),
  rate: Type.String({ pattern: '^(\\d+(\\.\\d+)?)?$', description: 'Empty withdraws the rate' }),
});

/** The ECB's data API and its eurofxref files, with made-up rates; `/sandbox/ecb/rates` revises them. */
export const ecb: Upstream = {
  name: 'ecb',
  basePath: '/ecb/service',
  register: (app, _config, now) => {
    const rates = createRates(now);

    app.get(
      '/ecb/service/data/:flow/:key',
      { schema: { params: DataParams, querystring: DataQuery } },
      async (request, reply) => {
        const { flow, key } = request.params;
        if (!/^(ECB,)?EXR(,[\d.]+|,latest)?$/.test(flow))
          return reply.code(404).type('text/plain').send('No such data flow');
        const format = chooseFormat(request.query.format, request.headers.accept);
        if (format === undefined) return reply.code(406).type('text/plain').send('Not Acceptable');
        try {
          const selected = select(rates, key, request.query);
          if (selected.length === 0) return reply.code(404).type('text/plain').send('');
          const modified = newest(selected);
          const since = Date.parse(request.headers['if-modified-since'] ?? '');
          if (Math.floor(Date.parse(modified) / 1000) * 1000 <= since) return reply.code(304).send();
          return reply
            .type(format.contentType)
            .header('last-modified', new Date(modified).toUTCString())
            .send(format.write(selected, request.query.detail ?? 'full', now()));
        } catch (error) {
          if (!(error instanceof SyntaxProblem)) throw error;
          return reply.code(400).type('text/plain').send(error.message);
        }
      },
    );
    app.get('/ecb/stats/eurofxref/eurofxref-hist.csv', (_request, reply) =>
      reply.type('text/csv').send(eurofxrefHistory(rates)),
    );
    app.get('/ecb/stats/eurofxref/eurofxref-daily.xml', (_request, reply) =>
      reply.type('text/xml').send(eurofxrefDaily(rates)),
    );

    app.post(
      '/sandbox/ecb/rates',
      {
        schema: {
          summary: 'Revise a rate, as if the ECB had',
          tags: ['ecb'],
          body: Revision,
          response: { 201: Revision },
        },
      },
      async (request, reply) => {
        const { currency, date, rate } = request.body;
        if (!rates.revise(currency, date, rate)) return reply.callNotFound();
        return reply.code(201).send(request.body);
      },
    );
    app.delete(
      '/sandbox/ecb/rates',
      { schema: { summary: 'Forget all revisions', tags: ['ecb'], response: { 204: Type.Null() } } },
      async (_request, reply) => {
        rates.reset();
        return reply.code(204).send(null);
      },
    );
  },
};

/** When the last of the observations was published or revised. */
const newest = (selected: readonly SelectedSeries[]) => {
  let latest = '';
  for (const { observations } of selected) {
    for (const { updatedAt } of observations) if (updatedAt > latest) latest = updatedAt;
  }
  return latest;
};
