import { datasetsOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { deleteDataset, getDataset } from '../db/datasets.ts';
import type { Tools } from '../work/tools.ts';

/** Removes a table; exports of it in the lake stay. */
export const deleteTable = ({ context, store }: Tools) =>
  implement(context, datasetsOperations.delete, async (request, reply) => {
    const { query } = context.database;
    const stored = await getDataset(query, request.params.id);
    // The row first: an object that nobody knows is rubbish, a row without its object is an error.
    await deleteDataset(query, stored.dataset.file_id);
    await store.remove(stored);
    return reply.code(204).send(null);
  });
