import type { OperationErrors } from '../operations/define-operation.ts';
import { bodyBytesOf, usualBodyBytes } from '../operations/limits.ts';
import type { AnyOperation } from '../operations/registry.ts';

const isWrong = (operation: AnyOperation) =>
  operation.params !== undefined ||
  operation.query !== undefined ||
  operation.headers !== undefined ||
  operation.body !== undefined;

/** What every operation of its kind may be answered with, besides its own errors. */
export const commonErrors = (operation: AnyOperation): OperationErrors => {
  const { service, access, body } = operation;
  return {
    ...(isWrong(operation)
      ? { [`${service}.invalid_request`]: [400, 'The request is not valid: the sentence names what is wrong.'] }
      : {}),
    ...(access.role === 'public'
      ? {}
      : {
          'gateway.unauthenticated': [401, 'Log in (POST /auth/login) or send an API key.'],
          'gateway.forbidden': [403, 'You may not do this: the sentence names the role or scope that it needs.'],
          ...(operation.method === 'GET'
            ? {}
            : {
                'gateway.foreign_page': [403, 'A page of another site may not use what the browser is logged in with.'],
              }),
        }),
    ...(body === undefined
      ? {}
      : {
          [`${service}.malformed_request`]: [400, 'The body cannot be read.'],
          [`${service}.too_large`]: [413, 'The body is too large.'],
          [`${service}.unsupported_media_type`]: [415, 'The body has a media type that is not taken here.'],
          ...(bodyBytesOf(operation) === usualBodyBytes
            ? { [`${service}.request_timeout`]: [408, 'The request did not come whole in time.'] }
            : {}),
        }),
    'gateway.too_many_requests': [429, 'Too many requests; `Retry-After` says when to come back.'],
    [`${service}.unexpected`]: [500, 'Something unexpected went wrong; the log has it under this request id.'],
    ...(service === 'gateway'
      ? {}
      : {
          'gateway.service_failed': [502, 'The service broke off before it answered.'],
          'gateway.service_unavailable': [503, 'The service is not available.'],
          'gateway.service_timeout': [504, 'The service did not answer in time.'],
        }),
  } satisfies OperationErrors;
};
