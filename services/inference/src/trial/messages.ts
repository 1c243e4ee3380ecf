import type { ErrorStatus, InferenceModelMetadata, InferenceSignature } from '@vindima/contracts';

export interface TrialRequest {
  readonly id: number;
  /** The uploaded file. */
  readonly file: string;
  /** What the uploader called it. */
  readonly name: string;
  /** Where the ONNX file that came of it is to be written. */
  readonly output: string;
  readonly metadata: InferenceModelMetadata;
}

/** A model that was loaded and run once. */
export interface TriedModel {
  readonly sha256: string;
  readonly bytes: number;
  readonly origin: Readonly<Record<string, unknown>>;
  readonly signature: InferenceSignature;
}

export interface WireError {
  readonly status: ErrorStatus;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type TrialAnswer =
  | { readonly id: number; readonly tried: TriedModel }
  | { readonly id: number; readonly error: WireError };
