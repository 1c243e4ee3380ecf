import { randomUUID } from 'node:crypto';
import { ErrorBody, ExportAnswer } from '@vindima/contracts';
import { manifestKey, putManifest, runKey } from '@vindima/lake/store-run';
import { Type } from 'typebox';
import { getDataset } from '../db/datasets.ts';
import { exportsOf } from '../tables/keys.ts';
import { dayOf, type Tools } from '../work/tools.ts';

/** `POST /datasets/{id}/export`: writes a table to the lake as Parquet. */
export const exportDataset = ({ context: { app, clock, database, objects } }: Tools) => {
  app.post(
    '/datasets/:id/export',
    {
      schema: {
        tags: ['tables'],
        summary: 'Write a table to the lake as Parquet',
        description: 'In a Hive partition of its day; the manifest, written last, names the current file.',
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 201: ExportAnswer, '4xx': ErrorBody },
      },
    },
    async (request, reply) => {
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
      return reply.code(201).send({
        file_id: dataset.file_id,
        key,
        manifest_key: manifestKey(dataSet),
        rows: dataset.rows,
        size,
      });
    },
  );
};
