import { ServiceError } from '@vindima/contracts';
import type { UpstreamResponse } from '@vindima/service-kit';

/** Why a tagger could not: decides whether it is asked again, and when. */
export type FailureKind =
  /** The quota is used up: not before its next period. */
  | 'quota'
  /** Too many at once: in a second. */
  | 'busy'
  /** It is down, hangs, or answers nonsense. */
  | 'outage'
  /** It does not know us. */
  | 'credentials'
  /** It does not take this picture; others may be fine. */
  | 'refused';

/** Seconds after which asking again may help. A quota is one of a month: it does not come back soon. */
const retryAfter: Partial<Record<FailureKind, string>> = { busy: '1', quota: '900' };

const statuses = { quota: 503, busy: 503, outage: 502, credentials: 502, refused: 422 } as const;

/** A failure of one of the two APIs, as the caller is told. */
export class TaggerFailure extends ServiceError {
  readonly kind: FailureKind;

  constructor(upstream: string, kind: FailureKind, reason: string, details: Record<string, unknown> = {}) {
    super(statuses[kind], `images.tagger_${kind}`, `${upstream} could not tag the picture: ${reason}.`, {
      details: { upstream, reason, ...details },
      ...(retryAfter[kind] === undefined ? {} : { headers: { 'retry-after': retryAfter[kind] } }),
    });
    this.kind = kind;
  }
}

/** Statuses that are read, because their bodies say why. */
export const explainedStatuses = [400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429, 500, 502, 503, 504];

const kindOf = (status: number): FailureKind => {
  if (status === 401) return 'credentials';
  if (status === 402 || status === 403) return 'quota';
  if (status === 429) return 'busy';
  return status === 400 || status === 413 || status === 415 || status === 422 ? 'refused' : 'outage';
};

const withoutDot = (text: string) => text.trim().replace(/\s*\.$/, '');

/** Turns an answer that is no success into the failure that it means. */
export const failureOf = (
  upstream: string,
  { status }: UpstreamResponse,
  text: string,
  kind = kindOf(status),
): TaggerFailure => {
  const said = withoutDot(text).slice(0, 300);
  const reason = said === '' ? `it answered ${status}` : `it answered ${status}, "${said}"`;
  return new TaggerFailure(upstream, kind, reason, { upstream_status: status });
};

/** The body as JSON; undefined for the empty bodies and HTML pages that both APIs also send. */
export const jsonOf = ({ body }: UpstreamResponse): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};
