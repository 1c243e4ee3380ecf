import { datasetsOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { listDatasets } from '../db/datasets.ts';
import type { Tools } from '../work/tools.ts';

/** Lists the stored tables, newest first. */
export const listTables = ({ context }: Tools) =>
  implement(context, datasetsOperations.list, async ({ query: { limit = 100, cursor, kind } }) => {
    const page = await listDatasets(context.database.query, { limit, cursor, kind });
    return { items: page.items.map(({ dataset }) => dataset), next_cursor: page.next_cursor };
  });
