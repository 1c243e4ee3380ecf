import { datasetsOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { getDataset } from '../db/datasets.ts';
import type { Tools } from '../work/tools.ts';

/** Shows a table, with how it was read. */
export const getTable = ({ context }: Tools) =>
  implement(
    context,
    datasetsOperations.get,
    async ({ params }) => (await getDataset(context.database.query, params.id)).dataset,
  );
