import { randomUUID } from 'node:crypto';
import { datasetsOperations } from '@vindima/contracts';
import { manifestKey, putManifest, runKey } from '@vindima/lake/store-run';
import { implement } from '@vindima/service-kit';
import { getDataset } from '../db/datasets.ts';
import { exportsOf } from '../tables/keys.ts';
import { dayOf, type Tools } from '../work/tools.ts';

/** Writes a table to the lake as Parquet. */
export const exportTable = ({ context }: Tools) => {
  const { clock, database, objects } = context;
  implement(context, datasetsOperations.export, async (request, reply) => {
    const { dataset, objectKey } = await getDataset(database.query, request.params.id);
    const date = dayOf(clock());
    const dataSet = exportsOf(dataset.file_id);
    const key = runKey(dataSet, date, randomUUID());
    const { size } = await objects.put(key, await objects.stream(objectKey), {
      contentType: 'application/vnd.apache.parquet',
    });
    const manifest = {
      format: 1,
      file_id: dataset.file_id,
      filename: dataset.filename,
      processing_date: date,
      object_key: key,
      rows: dataset.rows,
      columns: dataset.columns,
      bytes: size,
    };
    await putManifest(objects, dataSet, manifest);
    reply.code(201);
    return {
      file_id: dataset.file_id,
      key,
      manifest_key: manifestKey(dataSet),
      rows: dataset.rows,
      size,
    };
  });
};
