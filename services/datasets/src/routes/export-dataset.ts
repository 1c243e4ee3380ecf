import { randomUUID } from 'node:crypto';
import { ErrorBody, ExportAnswer } from '@vindima/contracts';
import { Type } from 'typebox';
import { getDataset } from '../db/datasets.ts';
import { exportKey, manifestKey } from '../tables/keys.ts';
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
      const key = exportKey(dataset.file_id, date, randomUUID());
      const stored = await objects.put(key, await objects.stream(objectKey), {
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
        bytes: stored.size,
      };
      await objects.put(manifestKey(dataset.file_id), Buffer.from(JSON.stringify(manifest)), {
        contentType: 'application/json',
      });
      return reply.code(201).send({
        file_id: dataset.file_id,
        key,
        manifest_key: manifestKey(dataset.file_id),
        rows: dataset.rows,
        size: stored.size,
      });
    },
  );
};
