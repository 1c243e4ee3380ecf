import { type ErrorBody, type ErrorStatus, isNoSpace, noSpace, ServiceError } from '@vindima/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeProblems } from './validation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The status of an answer to a body that does not fit its schema, where existing clients expect another than 400. */
    invalidBodyStatus?: 400 | 422;
  }
}

/** Turns whatever a route throws into the one form that errors have. */
export const registerErrors = (app: FastifyInstance, service: string): void => {
  app.setErrorHandler((error: unknown, request, reply) =>
    answer(request, reply, toServiceError(error, request, service), error),
  );
};

/** Answers with an error, and logs it where it is the service's own. */
export const answer = (request: FastifyRequest, reply: FastifyReply, error: ServiceError, thrown: unknown) => {
  // Nobody hears the answer, and nothing is wrong with the service.
  if (request.raw.errored !== null)
    request.log.debug({ requestId: request.id }, 'the client went before its request was here');
  // Said on purpose, and it passes: data that is not there yet is nothing to look for in the code.
  else if (error.status === 503 && thrown === error && error.cause === undefined)
    request.log.info({ code: error.code, requestId: request.id }, error.message);
  else if (error.status >= 500)
    request.log.error({ err: thrown, code: error.code, requestId: request.id }, error.message);
  else request.log.debug({ code: error.code, requestId: request.id }, error.message);
  const body: ErrorBody = error.toBody(request.id);
  return reply
    .code(error.status)
    .headers(error.headers)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
};

/** What the caller is told of whatever was thrown. */
export const toServiceError = (error: unknown, request: FastifyRequest, service: string): ServiceError => {
  // Whatever had no room to write, and in whatever words it says so.
  if (!(error instanceof ServiceError && error.status < 500) && isNoSpace(error)) return noSpace(service, error);
  if (error instanceof ServiceError) return error;
  if (isBrokenForm(error))
    return new ServiceError(400, `${service}.malformed_request`, 'The body is no form that can be read.', {
      cause: error,
    });
  if (!isFastifyError(error)) return unexpected(service);
  if (error.validation !== undefined) {
    const part = error.validationContext ?? 'body';
    const problems = describeProblems(part === 'querystring' ? 'query' : part, error.validation as never);
    const status = part === 'body' ? (request.routeOptions.config.invalidBodyStatus ?? 400) : 400;
    const summary = problems.slice(0, 5).map((problem) => `${problem.path} ${problem.message}`);
    return new ServiceError(status, `${service}.invalid_request`, `The request is not valid: ${summary.join('; ')}.`, {
      details: { problems },
    });
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) return unexpected(service);
  return new ServiceError(status as ErrorStatus, `${service}.${codes[status] ?? 'refused'}`, sentence(error.message));
};

/** The parser of forms says by plain errors what is wrong with a form. */
const brokenForm =
  /^(Multipart: |Part terminated early|Unexpected end of multipart data|(Malformed|Unsupported) content type)/i;
const isBrokenForm = (error: unknown) => error instanceof Error && brokenForm.test(error.message);

const unexpected = (service: string) =>
  new ServiceError(
    500,
    `${service}.unexpected`,
    'Something unexpected went wrong; the log has it under this request id.',
  );

const codes: Record<number, string> = {
  400: 'malformed_request',
  413: 'too_large',
  414: 'path_too_long',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
};

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && ('statusCode' in error || 'validation' in error);

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
