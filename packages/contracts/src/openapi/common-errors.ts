import type { OperationErrors } from '../operations/define-operation.ts';
import type { AnyOperation } from '../operations/registry.ts';

/** What every operation of its kind may be answered with, besides its own errors. */
export const commonErrors = (operation: AnyOperation): OperationErrors => {
  const { service, access, body, method, params } = operation;
  return {
    // Also of what takes no parameters: it refuses those that it does not know.
    [`${service}.invalid_request`]: [400, 'The request is not valid: the sentence names what is wrong.'],
    ...(params === undefined ? {} : { [`${service}.path_too_long`]: [414, 'A part of the path is too long.'] }),
    ...(access.role === 'public'
      ? {}
      : {
          'gateway.unauthenticated': [401, 'Log in (POST /auth/login) or send an API key.'],
          'gateway.forbidden': [403, 'You may not do this: the sentence names the role or scope that it needs.'],
        }),
    ...(body === undefined
      ? {}
      : {
          [`${service}.malformed_request`]: [400, 'The body cannot be read.'],
          [`${service}.too_large`]: [413, 'The body is too large.'],
          [`${service}.unsupported_media_type`]: [415, 'The body has a media type that is not taken here.'],
          [`${service}.request_timeout`]: [408, 'The request did not come whole in time.'],
        }),
    ...(method === 'GET' ? {} : { [`${service}.no_space`]: [507, 'There is no room left to store it.'] }),
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
