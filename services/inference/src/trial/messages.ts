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
  readonly cost: RunCost;
}

/** What a model took when it was tried. */
export interface RunCost {
  /** Bytes of memory, with the largest of a few runs. */
  readonly memory: number;
  /** Of its longest run. */
  readonly milliseconds: number;
  /** Whether it runs in a process of its own, as nobody can foresee what a run costs. */
  readonly isolated: boolean;
}

export interface WireError {
  readonly status: ErrorStatus;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type TrialAnswer =
  | { readonly id: number; readonly tried: TriedModel; readonly spent: boolean }
  | { readonly id: number; readonly error: WireError; readonly spent: boolean };
