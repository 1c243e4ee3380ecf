import { ErrorBody } from '@vindima/contracts';
import { Type } from 'typebox';
import { deleteDataset, getDataset } from '../db/datasets.ts';
import type { Tools } from '../work/tools.ts';

/** `DELETE /datasets/{id}`: removes a table; exports of it in the lake stay. */
export const deleteDatasetRoute = ({ context: { app, database }, store }: Tools) => {
  app.delete(
    '/datasets/:id',
    {
      schema: {
        tags: ['tables'],
        summary: 'Remove a table',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 204: Type.Null(), '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const stored = await getDataset(database.query, request.params.id);
      // The row first: an object that nobody knows is rubbish, a row without its object is an error.
      await deleteDataset(database.query, stored.dataset.file_id);
      await store.remove(stored);
      return reply.code(204).send(null);
    },
  );
};
