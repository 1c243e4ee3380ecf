import { wineOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { findSeries } from '../catalogue/find.ts';
import type { WineContext } from '../context.ts';

/** Answers the file of a series as it was published. */
export const getSource = (context: WineContext) => {
  const { objects, shelf } = context;
  implement(context, wineOperations.getSource, async ({ params, query }, reply) => {
    const series = findSeries(params.id);
    const { manifest } = await shelf.at(series, query.as_of);
    const bytes = await objects.get(manifest.source_key, { maximumBytes: manifest.source.bytes });
    return reply
      .header('content-disposition', `inline; filename="${series.file}"`)
      .header('x-vindima-sha256', manifest.source.sha256)
      .type('text/csv')
      .send(bytes);
  });
};
