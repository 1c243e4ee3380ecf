import { datasetsOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { getDataset } from '../db/datasets.ts';
import { requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';

/** Shows some rows of a table. */
export const listRows = (tools: Tools) => {
  const { context, engine, store } = tools;
  implement(context, datasetsOperations.listRows, async (request, reply) => {
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
    return `{"columns":${JSON.stringify(columns)},"rows":${rows},"total":${total}}`;
  });
};
