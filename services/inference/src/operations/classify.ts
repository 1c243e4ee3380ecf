import { inferenceOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { FastifyReply } from 'fastify';
import {
  classificationJson,
  type ManyOptions,
  type RowOutcome,
  toClassification,
  toPrediction,
} from '../classify/desk.ts';
import type { HistoryRow } from '../history/row.ts';
import type { Ports } from '../ports.ts';
import { readRowsOfCsv, rowsIn, rowsWithoutNames } from './read-rows.ts';

/** Classifies a row, or several as JSON or CSV; asks any model for what it says of rows. */
export const classify = (ports: Ports) => {
  const { app, config } = ports.context;
  app.register(async (scope) => {
    scope.addContentTypeParser(['text/csv', 'application/csv'], { parseAs: 'string' }, (_, body, done) => {
      done(null, String(body));
    });
    const context = { app: scope as typeof app };
    const options = { bodyLimit: config.INFERENCE_MAXIMUM_BODY_SIZE };
    implement(
      context,
      inferenceOperations.classify,
      ({ body, query }, reply) => answerClasses(ports, ports.desk.currentModel(), body, query.extra, reply),
      options,
    );
    implement(
      context,
      inferenceOperations.classifyBy,
      ({ params, body, query }, reply) => answerClasses(ports, params.name, body, query.extra, reply),
      options,
    );
    implement(
      context,
      inferenceOperations.predictRows,
      ({ params, body, query }) => answerPredictions(ports, params.name, body, query.extra),
      options,
    );
  });
};

/** @returns the answer as JSON */
const answerClasses = async (
  ports: Ports,
  model: string,
  body: unknown,
  extra: ManyOptions['extra'],
  reply: FastifyReply,
): Promise<string> => {
  reply.type('application/json; charset=utf-8');
  const rows = typeof body === 'string' ? await readRowsOfCsv(ports, model, body, extra) : rowsIn(body);
  if (rows === undefined) return classificationJson(await ports.desk.one(model, body, 'rest', extra));
  return JSON.stringify(await answerRows(ports, model, rows, { extra }, toClassification));
};

const answerPredictions = async (ports: Ports, model: string, body: unknown, extra: ManyOptions['extra']) => {
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
  options: ManyOptions,
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
