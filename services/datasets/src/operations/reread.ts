import { datasetsOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { rereadDataset } from '../work/reread-dataset.ts';
import { commit, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';
import { checkedOptions } from './upload-options.ts';

/** Reads the file of a table again, with other decisions. */
export const reread = (tools: Tools) =>
  implement(tools.context, datasetsOperations.reread, async (request, reply) => {
    const options = checkedOptions(request.body);
    const work = requestOptions(tools, request, closedSignal(reply));
    return commit(tools, await rereadDataset(tools, request.params.id, options, work));
  });
