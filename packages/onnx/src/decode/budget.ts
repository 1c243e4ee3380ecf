import { ServiceError } from '@vindima/contracts';

/** What a decoder may spend on one file. */
export interface DecodeLimits {
  /** Bytes of the whole file. */
  readonly maxBytes: number;
  /** Messages within messages, graphs within graphs included. */
  readonly maxDepth: number;
  /** Messages (nodes, attributes, tensors, ...) and elements of lists: what decoding costs in memory. */
  readonly maxItems: number;
}

export const defaultDecodeLimits: DecodeLimits = { maxBytes: 1024 ** 3, maxDepth: 64, maxItems: 5_000_000 };

/** Counts what a file has cost so far. */
export interface Budget {
  readonly limits: DecodeLimits;
  readonly spend: (items: number) => void;
}

/** @throws ServiceError 422 `onnx.limit_exceeded`, from `spend`, once the file has cost more than allowed. */
export function createBudget(limits: DecodeLimits): Budget {
  let left = limits.maxItems;
  return {
    limits,
    spend(items) {
      left -= items;
      if (left < 0) throw limitExceeded('items', limits.maxItems);
    },
  };
}

export function limitExceeded(what: 'bytes' | 'levels' | 'items', limit: number): ServiceError {
  return new ServiceError(422, 'onnx.limit_exceeded', `The ONNX model has more than ${limit} ${what}.`, {
    details: { limit, unit: what },
  });
}

export function invalidModel(reason: string, cause?: unknown): ServiceError {
  return new ServiceError(422, 'onnx.invalid_model', `The file is not a valid ONNX model: ${reason}.`, { cause });
}

/** Sparse tensors may hide references to other files, and nobody's exporter writes them: refused, not ignored. */
export function unsupportedSparse(): ServiceError {
  return new ServiceError(422, 'onnx.unsupported_model', 'The ONNX model has sparse tensors, which are not supported.');
}

/**
 * Protobuf merges a message that is there twice. What is checked must be what is run, so such files are refused.
 */
export function once<T>(before: T | undefined, now: T): T {
  if (before !== undefined) throw invalidModel('a part that may be there once is there twice');
  return now;
}
