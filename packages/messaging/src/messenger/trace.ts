import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceContext {
  /** 32 hexadecimal digits */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span that caused this. */
  readonly parentId: string;
  readonly sampled: boolean;
}

const pattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** @returns undefined for anything that is not a valid traceparent: the specification has it ignored, not refused. */
export const parseTraceparent = (text: string | undefined): TraceContext | undefined => {
  const [, traceId, parentId, flags] = pattern.exec(text ?? '') ?? [];
  if (traceId === undefined || parentId === undefined || flags === undefined) return undefined;
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
};

/** @returns the traceparent of a new span: of the trace that `parent` belongs to, or of a new one. */
export const createTraceparent = (parent?: string): string => {
  const context = parseTraceparent(parent);
  const traceId = context?.traceId ?? randomBytes(16).toString('hex');
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${context?.sampled === false ? '00' : '01'}`;
};

const storage = new AsyncLocalStorage<string>();

/** Runs `work`; what it sends, however deep, belongs to the trace. */
export const withTraceparent = <Result>(traceparent: string, work: () => Result): Result =>
  storage.run(traceparent, work);

/** @returns the traceparent that `withTraceparent` set around the caller. */
export const currentTraceparent = (): string | undefined => storage.getStore();
