import { ErrorBody, Job, WineIngestion, WineIngestRequest } from '@vindima/contracts';
import { restKey } from '@vindima/service-kit';
import { Type } from 'typebox';
import type { IngestionJob, WineContext } from '../ingest/job.ts';
import { viewIngestion } from '../ingest/view.ts';

const tags = ['ingestions'];

/** `POST /wine/ingestions`: starts an ingestion. */
export const startIngestion = ({ app }: WineContext, ingestion: IngestionJob) => {
  app.post(
    '/wine/ingestions',
    {
      // No body asks for everything.
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        tags,
        summary: 'Ingest some series, or all',
        body: WineIngestRequest,
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 150 })) }),
        response: { 202: Job, 400: ErrorBody, 409: ErrorBody },
      },
    },
    async (request, reply) => {
      const job = await ingestion.start(request.body, restKey(request));
      return reply.code(202).header('location', `/jobs/${job.id}`).send(job);
    },
  );
};

/** `GET /wine/ingestions/{id}`: what became of an ingestion, series by series. */
export const getIngestion = ({ app, jobs }: WineContext) => {
  app.get(
    '/wine/ingestions/:id',
    {
      schema: {
        tags,
        summary: 'What became of an ingestion, series by series',
        params: Type.Object({ id: Type.String({ maxLength: 80 }) }),
        response: { 200: WineIngestion, 404: ErrorBody },
      },
    },
    async (request) => viewIngestion(await jobs.get(request.params.id)),
  );
};
