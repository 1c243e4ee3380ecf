import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { type ClassificationList, inferenceOperations, ServiceError } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import { parse } from 'csv-parse';
import type { FastifyReply } from 'fastify';
import { classificationJson, toClassification } from '../classify/desk.ts';
import { createCsvRowReader } from '../classify/read-csv-row.ts';
import type { HistoryRow } from '../history/row.ts';
import type { Ports } from '../ports.ts';

/** Classifies a row, or several as JSON or CSV. */
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
      ({ body }, reply) => answer(ports, ports.desk.currentModel(), body, reply),
      options,
    );
    implement(
      context,
      inferenceOperations.classifyBy,
      ({ params, body }, reply) => answer(ports, params.name, body, reply),
      options,
    );
  });
};

/** @returns the answer as JSON */
const answer = async (ports: Ports, model: string, body: unknown, reply: FastifyReply): Promise<string> => {
  reply.type('application/json; charset=utf-8');
  const rows = typeof body === 'string' ? await readCsv(ports, model, body) : rowsIn(body);
  if (rows === undefined) return classificationJson(await ports.desk.one(model, body, 'rest'));
  const maximum = ports.context.config.INFERENCE_MAXIMUM_ROWS;
  if (rows.length === 0) throw new ServiceError(422, 'inference.no_rows', 'There is no row to classify.');
  if (rows.length > maximum) {
    throw new ServiceError(
      413,
      'inference.too_many_rows',
      `A request has ${maximum} rows at most; more are work for a job.`,
    );
  }
  return JSON.stringify(await classifyRows(ports, model, rows));
};

/** The rows of a request for several; undefined when it is one row. */
const rowsIn = (body: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(body)) return body;
  if (typeof body !== 'object' || body === null || !('rows' in body)) return undefined;
  const { rows } = body;
  return Array.isArray(rows) && Object.keys(body).length === 1 ? rows : undefined;
};

const classifyRows = async (
  { registry, desk, recorder }: Ports,
  model: string,
  rows: readonly unknown[],
): Promise<ClassificationList> => {
  const lease = await registry.lease(model);
  try {
    const outcomes = await desk.many(lease, rows, 'rest');
    const recorded = outcomes.flatMap((outcome): HistoryRow[] => ('row' in outcome ? [outcome.row] : []));
    if (recorded.length > 0) await recorder.record(recorded);
    const items = outcomes.map((outcome) =>
      'row' in outcome
        ? toClassification(outcome.row)
        : { error: outcome.error.message, code: outcome.error.code, details: outcome.error.details },
    );
    return { items, failed: rows.length - recorded.length };
  } finally {
    lease.release();
  }
};

/** Of a row of CSV, in characters. */
const longestRow = 1024 * 1024;
const pieceLength = 64 * 1024;

/** A text piece by piece, with a turn for other requests after each. */
async function* pieces(text: string): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += pieceLength) {
    yield text.slice(start, start + pieceLength);
    await turn();
  }
}

const readCsv = async ({ registry, context }: Ports, model: string, text: string): Promise<readonly unknown[]> => {
  const lease = await registry.lease(model);
  const { signature } = lease;
  lease.release();
  const rows: unknown[] = [];
  let read: ReturnType<typeof createCsvRowReader> | undefined;
  // One for the header, and one that tells of too many.
  const maximum = context.config.INFERENCE_MAXIMUM_ROWS + 2;
  try {
    const parser = Readable.from(pieces(text)).pipe(
      parse({
        bom: true,
        trim: true,
        skip_empty_lines: true,
        // A row of another length than the header fails alone.
        relax_column_count: true,
        max_record_size: longestRow,
        to: maximum,
      }),
    );
    for await (const cells of parser) {
      if (read === undefined) read = createCsvRowReader(signature, cells as string[]);
      else rows.push(read(cells as string[]));
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError(422, 'inference.invalid_csv', `The CSV cannot be read: ${reason}.`);
  }
  return rows;
};
