/** What the platform refused or could not do. */
export class VindimaError extends Error {
  override readonly name = 'VindimaError';
  readonly status: number;
  /** `wine.unknown_series`; `http.<status>` where the answer is not the platform's. */
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Under which the platform's log has it. */
  readonly requestId: string | undefined;
  /** Seconds after which it may be tried again, where the answer says so. */
  readonly retryAfter: number | undefined;

  constructor(message: string, fields: Pick<VindimaError, 'status' | 'code' | 'details' | 'requestId' | 'retryAfter'>) {
    super(message);
    this.status = fields.status;
    this.code = fields.code;
    this.details = fields.details;
    this.requestId = fields.requestId;
    this.retryAfter = fields.retryAfter;
  }
}

/** The error that an answer is; one of a proxy in between may have any body. */
export const errorOf = async (response: Response): Promise<VindimaError> => {
  const text = await response.text();
  const body = parsed(text);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new VindimaError(
    typeof body.error === 'string' ? body.error : `The answer is ${response.status} ${response.statusText}.`,
    {
      status: response.status,
      code: typeof body.code === 'string' ? body.code : `http.${response.status}`,
      details: typeof body.details === 'object' && body.details !== null ? { ...body.details } : {},
      requestId: response.headers.get('x-request-id') ?? undefined,
      retryAfter: Number.isFinite(seconds) ? seconds : undefined,
    },
  );
};

const parsed = (text: string): { error?: unknown; code?: unknown; details?: unknown } => {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
};
