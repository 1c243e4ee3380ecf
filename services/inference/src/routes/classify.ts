import { ErrorBody, ModelName, PredictionList, ServiceError, StringEnum } from '@vindima/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { classificationJson, type RowOutcome, toClassification, toPrediction } from '../classify/desk.ts';
import type { HistoryRow } from '../history/row.ts';
import type { Ports } from '../ports.ts';
import { readRowsOfCsv, rowsIn, rowsWithoutNames } from './read-rows.ts';

const errors = {
  400: ErrorBody,
  404: ErrorBody,
  409: ErrorBody,
  413: ErrorBody,
  422: ErrorBody,
  429: ErrorBody,
  503: ErrorBody,
};

const iris = { SepalLengthCm: 5.1, SepalWidthCm: 3.5, PetalLengthCm: 1.4, PetalWidthCm: 0.2 };
// Rows are checked by the model that answers; this is for the document.
const Body = Type.Unsafe<unknown>({
  description: 'A row with a field for each feature; or `{"rows": [...]}`, an array of rows, or CSV with a header',
  examples: [iris],
});
const Query = Type.Object({
  extra: Type.Optional(
    StringEnum(['refuse', 'ignore'], {
      description: 'Fields that the model does not know. JSON refuses them unless told, CSV ignores them',
    }),
  ),
});
type Query = Static<typeof Query>;

const describeAnswer = 'A row is answered with a Classification, several with a ClassificationList.';

/** `POST /model/classify/`, `POST /models/{name}/classify` and `/predict`: a row, or several as JSON or CSV. */
export const classifyRoutes = (ports: Ports) => {
  const { app, config } = ports.context;
  app.register(async (scope) => {
    scope.addContentTypeParser(['text/csv', 'application/csv'], { parseAs: 'string' }, (_, body, done) => {
      done(null, String(body));
    });
    const summary = 'Classify a row, or several';
    const schema = { tags: ['classification'], summary, body: Body, querystring: Query, response: errors };
    const options = { bodyLimit: config.INFERENCE_MAXIMUM_BODY_BYTES };
    const params = Type.Object({ name: ModelName });
    scope.post<{ Querystring: Query }>(
      '/model/classify',
      { ...options, schema: { ...schema, description: describeAnswer } },
      (request, reply) => classify(ports, ports.desk.currentModel(), request, reply),
    );
    scope.post<{ Params: { name: string }; Querystring: Query }>(
      '/models/:name/classify',
      { ...options, schema: { ...schema, params } },
      (request, reply) => classify(ports, request.params.name, request, reply),
    );
    scope.post<{ Params: { name: string }; Querystring: Query }>(
      '/models/:name/predict',
      {
        ...options,
        schema: {
          ...schema,
          summary: 'Ask any model for its values, classes or labels',
          description: 'Rows with names, or without (`[[1, 2], [3, 4]]`, in the order of the features), or CSV.',
          params,
          response: { 200: PredictionList, ...errors },
        },
      },
      (request) => predict(ports, request.params.name, request),
    );
  });
};

type RowRequest = FastifyRequest<{ Querystring: Query }>;

/** @returns the answer as JSON */
const classify = async (ports: Ports, model: string, request: RowRequest, reply: FastifyReply): Promise<string> => {
  const { body, query } = request;
  reply.type('application/json; charset=utf-8');
  const rows = typeof body === 'string' ? await readRowsOfCsv(ports, model, body, query.extra) : rowsIn(body);
  if (rows === undefined) return classificationJson(await ports.desk.one(model, body, 'rest', query.extra));
  return JSON.stringify(await answerRows(ports, model, rows, { extra: query.extra }, toClassification));
};

const predict = async (ports: Ports, model: string, { body, query }: RowRequest) => {
  const { extra } = query;
  const rows =
    typeof body === 'string'
      ? await readRowsOfCsv(ports, model, body, extra)
      : await rowsWithoutNames(ports, model, rowsIn(body) ?? [body]);
  return answerRows(ports, model, rows, { extra, answers: 'predictions' }, toPrediction);
};

const answerRows = async <Item>(
  { registry, desk, recorder, context }: Ports,
  model: string,
  rows: readonly unknown[],
  options: Parameters<Ports['desk']['many']>[3],
  toItem: (row: HistoryRow) => Item,
) => {
  const maximum = context.config.INFERENCE_MAXIMUM_ROWS;
  if (rows.length === 0) throw new ServiceError(422, 'inference.no_rows', 'There is no row to classify.');
  if (rows.length > maximum) {
    throw new ServiceError(
      413,
      'inference.too_many_rows',
      `A request has ${maximum} rows at most; more are work for a job.`,
    );
  }
  const lease = await registry.lease(model);
  try {
    const outcomes = await desk.many(lease, rows, 'rest', options);
    const recorded = outcomes.flatMap((outcome): HistoryRow[] => ('row' in outcome ? [outcome.row] : []));
    if (recorded.length > 0) await recorder.record(recorded);
    const items = outcomes.map((outcome) => ('row' in outcome ? toItem(outcome.row) : failedItem(outcome)));
    return { items, failed: rows.length - recorded.length };
  } finally {
    lease.release();
  }
};

const failedItem = ({ error }: Extract<RowOutcome, { error: unknown }>) => ({
  error: error.message,
  code: error.code,
  details: { ...error.details },
});
