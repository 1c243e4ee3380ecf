import { ErrorBody, RowsAnswer, RowsQuery } from '@vindima/contracts';
import { Type } from 'typebox';
import { getDataset } from '../db/datasets.ts';
import { requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';
import { sendWritten } from './send-text.ts';

/** `GET /datasets/{id}/rows`: some rows of a table. */
export const previewRows = (tools: Tools) => {
  const { context, engine, store } = tools;
  context.app.get(
    '/datasets/:id/rows',
    {
      schema: {
        tags: ['tables'],
        summary: 'Some rows of a table',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        querystring: RowsQuery,
        response: { 200: RowsAnswer, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const stored = await getDataset(context.database.query, request.params.id);
      const { limit = 50, offset = 0 } = request.query;
      const options = requestOptions(tools, request, closedSignal(reply));
      const { rows } = await engine.withFolder((folder) =>
        store.withTable(stored, (path) =>
          engine.run('preview', { path, offset, limit }, { ...options, folder, readable: [path] }),
        ),
      );
      const { columns, rows: total } = stored.dataset;
      // Rows are JSON already; parsing them would round their largest integers.
      reply.type('application/json; charset=utf-8');
      return sendWritten(reply, `{"columns":${JSON.stringify(columns)},"rows":${rows},"total":${total}}`);
    },
  );
};
