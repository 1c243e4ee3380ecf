import { Dataset, DatasetPage, datasetKinds, ErrorBody, PageQuery, StringEnum } from '@vindima/contracts';
import { Type } from 'typebox';
import { getDataset, listDatasets } from '../db/datasets.ts';
import type { Tools } from '../work/tools.ts';

/** `GET /datasets`: the stored tables, newest first; `GET /datasets/{id}`: one, with how it was read. */
export const listDatasetsRoute = ({ context: { app, database } }: Tools) => {
  app.get(
    '/datasets',
    {
      schema: {
        tags: ['tables'],
        summary: 'The stored tables, newest first',
        querystring: Type.Object({ ...PageQuery.properties, kind: Type.Optional(StringEnum(datasetKinds)) }),
        response: { 200: DatasetPage, '4xx': ErrorBody },
      },
    },
    async (request) => {
      const { limit = 100, cursor, kind } = request.query;
      const page = await listDatasets(database.query, { limit, cursor, kind });
      return { items: page.items.map(({ dataset }) => dataset), next_cursor: page.next_cursor };
    },
  );
  app.get(
    '/datasets/:id',
    {
      schema: {
        tags: ['tables'],
        summary: 'One table: its columns, how it was read, what to know of it',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 200: Dataset, '4xx': ErrorBody },
      },
    },
    async (request) => (await getDataset(database.query, request.params.id)).dataset,
  );
};
