import type { InferenceFeature, OutputKind } from '@vindima/contracts';
import { importOnnx } from './import-onnx.ts';
import { importPickle } from './import-pickle.ts';

/** What is known of a model besides its file. */
export interface ModelHints {
  /** The graph was made here: it keeps rows apart, and a run is bounded by their number, whatever operators it has. */
  readonly isOwn?: boolean;
  /** What the outputs mean, where the format says so. */
  readonly kind?: OutputKind | undefined;
  readonly featureNames?: readonly string[] | undefined;
  /** The fields of a row, where the format says more of them than names. */
  readonly features?: readonly InferenceFeature[] | undefined;
  /** What the label output says, in the order of the scores. */
  readonly labelValues?: readonly string[] | undefined;
}

/** A file that became a model which onnxruntime can be given. */
export interface ImportedModel {
  readonly onnx: Uint8Array;
  /** What was uploaded and what was made of it: shown to people, for example `{ format: 'onnx', producer: 'skl2onnx' }`. */
  readonly origin: Readonly<Record<string, unknown>>;
  readonly hints: ModelHints;
}

/**
 * Reads one format of model files.
 *
 * @returns undefined when the bytes are of another format
 * @throws ServiceError 422 when they are of this one, but cannot be used
 */
export type Importer = (bytes: Uint8Array, name: string) => Promise<ImportedModel | undefined>;

/** Every format that can be uploaded; the first one that knows a file has it. ONNX has no mark of its own, so it is last. */
export const importers: readonly Importer[] = [importPickle, importOnnx];
