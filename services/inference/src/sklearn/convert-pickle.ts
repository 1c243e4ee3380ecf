import { createHash } from 'node:crypto';
import { ServiceError } from '@vindima/contracts';
import { buildModel, opsets, type Signature } from './build-model.ts';
import { openBundle } from './bundle.ts';
import { invalidPickle, pickleLimitExceeded } from './errors.ts';
import { type Estimator, readEstimator } from './estimator.ts';
import { outermost } from './feature-count.ts';
import { type Compression, decompress, detectCompression } from './joblib/decompress.ts';
import { defaultPickleLimits, type PickleLimits } from './limits.ts';
import { createByteReader } from './pickle/byte-reader.ts';
import { createMeter } from './pickle/machine.ts';
import { readPickle } from './pickle/read-pickle.ts';

/** Where a converted model comes from. */
export interface PickleOrigin {
  /** Full name of the estimator's class. */
  readonly class: string;
  /** scikit-learn's version that wrote it, where it says so. */
  readonly sklearnVersion: string | null;
  /** Of the file as it was uploaded, hexadecimal. */
  readonly sha256: string;
  readonly protocol: number;
  readonly compression: Compression;
}

export interface ConvertedPickle {
  readonly onnx: Uint8Array;
  readonly origin: PickleOrigin;
  readonly signature: Signature;
}

/**
 * Converts a pickled scikit-learn model (`.pkl`, `.pickle`, `.joblib`, compressed or not) to ONNX, without Python and
 * without executing anything that is in it. The model answers as scikit-learn does; see the README for what is
 * supported.
 *
 * @throws ServiceError 422 `inference.unsupported_pickle` (naming the cause), `inference.invalid_pickle` or
 * `inference.pickle_limit_exceeded`.
 */
export async function convertPickle(
  bytes: Uint8Array,
  options: { readonly limits?: Partial<PickleLimits> } = {},
): Promise<ConvertedPickle> {
  const limits = { ...defaultPickleLimits, ...options.limits };
  if (bytes.length > limits.maxBytes) throw pickleLimitExceeded('bytes', limits.maxBytes);
  const compression = detectCompression(bytes);
  const unpacked = await decompress(bytes, compression, limits.maxUncompressedBytes);
  try {
    const { value, protocol } = readPickle(createByteReader(unpacked), createMeter(limits));
    const estimator = readEstimator(openBundle(value));
    const origin: PickleOrigin = {
      class: estimator.className,
      sklearnVersion: versionOf(estimator),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      protocol,
      compression,
    };
    return { ...buildModel(estimator, limits, toMetadata(origin)), origin };
  } catch (error) {
    // What is wrong with a file of others is never an error of ours.
    if (error instanceof ServiceError) throw error;
    throw invalidPickle('its parts do not fit together', error);
  }
}

function versionOf(estimator: Estimator): string | null {
  for (const candidate of outermost(estimator)) if (candidate.version !== null) return candidate.version;
  return null;
}

function toMetadata(origin: PickleOrigin): Record<string, string> {
  return {
    'origin.class': origin.class,
    'origin.sha256': origin.sha256,
    'origin.protocol': String(origin.protocol),
    ...(origin.sklearnVersion === null ? {} : { 'origin.sklearn_version': origin.sklearnVersion }),
    opset: `ai.onnx ${opsets['']}, ai.onnx.ml ${opsets['ai.onnx.ml']}`,
  };
}
