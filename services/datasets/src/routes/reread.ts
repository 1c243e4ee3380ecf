import { Dataset, ErrorBody, UploadOptions } from '@vindima/contracts';
import { Type } from 'typebox';
import { rereadDataset } from '../work/reread-dataset.ts';
import { commit, requestOptions } from '../work/run.ts';
import type { Tools } from '../work/tools.ts';
import { closedSignal } from './closed.ts';
import { checkedOptions } from './upload-options.ts';

/** `POST /datasets/{id}/reread`: reads the file of a table again. */
export const rereadRoute = (tools: Tools) => {
  tools.context.app.post(
    '/datasets/:id/reread',
    {
      schema: {
        tags: ['tables'],
        summary: 'Read the file of a table again, with other decisions',
        description:
          'The table keeps its id. Files are kept for SOURCE_RETENTION_DAYS; older tables are answered with 409.',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        // Unknown options are refused below, with the nearest name.
        body: Type.Object(UploadOptions.properties, { additionalProperties: true }),
        response: { 200: Dataset, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
      const options = checkedOptions(request.body);
      const work = requestOptions(tools, closedSignal(reply));
      return commit(tools, await rereadDataset(tools, request.params.id, options, work));
    },
  );
};
