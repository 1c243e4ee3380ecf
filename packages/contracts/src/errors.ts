import { type Static, Type } from 'typebox';

/** The body of every answer with a status of 400 or more, from every service. */
export const ErrorBody = Type.Object(
  {
    error: Type.String({ description: 'What went wrong, in a sentence for a person' }),
    status_code: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.String({
      description: 'What went wrong, for a program: <service>.<reason>',
      examples: ['wine.unknown_series'],
    }),
    details: Type.Record(Type.String(), Type.Unknown(), { description: 'What is known about it; may be empty' }),
    request_id: Type.Optional(Type.String({ description: 'Under which the log has more' })),
  },
  { title: 'Error', description: 'The body of every answer with a status of 400 or more' },
);
export type ErrorBody = Static<typeof ErrorBody>;

/** HTTP statuses that a service may answer with on purpose; an unexpected error is always 500. */
export type ErrorStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 408
  | 409
  | 410
  | 412
  | 413
  | 414
  | 415
  | 416
  | 422
  | 429
  | 431
  | 500
  | 502
  | 503
  | 504
  | 507;

export interface ServiceErrorOptions {
  /** What is known about it; shown to the caller. */
  readonly details?: Record<string, unknown>;
  /** Extra response headers, for example `Retry-After`. */
  readonly headers?: Record<string, string>;
  readonly cause?: unknown;
}

/**
 * An error whose message, code and details are meant for the caller. Anything else that is thrown becomes a 500
 * without internals. Domain code throws it too: the status says what kind of failure it is, wherever it surfaces.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: ErrorStatus;
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(status: ErrorStatus, code: string, message: string, options: ServiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.details = options.details ?? {};
    this.headers = options.headers ?? {};
  }

  /** @returns the body that the caller is shown. */
  toBody(requestId?: string): ErrorBody {
    return {
      error: this.message,
      status_code: this.status,
      code: this.code,
      details: this.details,
      ...(requestId === undefined ? {} : { request_id: requestId }),
    };
  }
}
