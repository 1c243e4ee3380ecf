/** An answer that the store refuses with; its three envelopes differ in shape. */
export class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal';
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    super(`The store answers ${status}`);
    this.status = status;
    this.body = body;
  }
}

export const invalid = (...message: string[]) =>
  new StoreRefusal(400, { message, error: 'Bad Request', statusCode: 400 });

export const notNumeric = () =>
  new StoreRefusal(400, {
    message: 'Validation failed (numeric string is expected)',
    error: 'Bad Request',
    statusCode: 400,
  });

export const unauthorized = () => new StoreRefusal(401, { message: 'Unauthorized', statusCode: 401 });

/** What the real store says of a row that is not there: 400, not 404. */
export const missing = (path: string, entity: string, where: object) =>
  new StoreRefusal(400, {
    path,
    timestamp: new Date().toISOString(),
    name: 'EntityNotFoundError',
    message: `Could not find any entity of type "${entity}" matching: ${JSON.stringify({ where }, null, 4)}`,
  });

export const constraint = (path: string, message: string) =>
  new StoreRefusal(400, {
    path,
    timestamp: new Date().toISOString(),
    name: 'QueryFailedError',
    message,
    code: 'SQLITE_CONSTRAINT',
  });
