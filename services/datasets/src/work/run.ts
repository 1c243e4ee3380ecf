import { randomUUID } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import { callerOf, operator } from '@vindima/service-kit';
import type { FastifyRequest } from 'fastify';
import { getDataset } from '../db/datasets.ts';
import type { Done, Tools, WorkOptions } from './tools.ts';

/** Whether a request is to be answered with a job: when it asks for one, or the table is large. @throws 404 `datasets.unknown_file` */
export const isJob = async ({ context }: Tools, fileId: string, wanted: boolean | undefined): Promise<boolean> => {
  const { dataset } = await getDataset(context.database.query, fileId);
  return wanted ?? dataset.stored_size > context.config.DATASETS_ASYNC_THRESHOLD;
};

/** Options of work that a request waits for. */
export const requestOptions = ({ context }: Tools, request: FastifyRequest, signal: AbortSignal): WorkOptions => ({
  id: randomUUID(),
  caller: limitedAs(request),
  timeout: context.config.DATASETS_REQUEST_TIMEOUT,
  signal: AbortSignal.any([signal, context.signal]),
});

/** Commits what was done. */
export const commit = async <Answer>({ context }: Tools, done: Done<Answer>): Promise<Answer> => {
  await context.database.transaction((transaction) => done.commit(transaction));
  return done.answer;
};

/** Whom limits count a request as: whoever the gateway says, else the address that it came from. */
export const limitedAs = (request: FastifyRequest): string => {
  const { name } = callerOf(request);
  return name === operator.name ? request.ip : name;
};

/** To whoever may only read: a job is kept, and what is kept is a change. */
export const jobsAreForEditors = () =>
  new ServiceError(
    403,
    'datasets.forbidden',
    'Jobs are for those who may change tables; leave out `async` to wait for the answer.',
  );
