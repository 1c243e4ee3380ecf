import type { GraphBuilder } from '@vindima/onnx';
import type { Estimator } from '../estimator.ts';
import type { PickleLimits } from '../limits.ts';
import type { Value } from '../pickle/values.ts';
import type { InputNotes } from './input-notes.ts';
import type { Math64 } from './math.ts';

/** One column on its way through the graph: column `at` of the tensor `from`, which has `of` columns. */
export interface Column {
  readonly from: string;
  readonly at: number;
  readonly of: number;
  readonly kind: 'number' | 'text';
  /** Which column of the model's own input it is, while it is still one. */
  readonly raw: number | null;
  /** Missing values were put in already. */
  readonly filled?: boolean;
}

/** What converters work with. */
export interface Context {
  readonly graph: GraphBuilder;
  readonly math: Math64;
  readonly limits: PickleLimits;
  /** What is learned of the columns of the model's input. */
  readonly notes: InputNotes;
  /** Counts nodes of trees: a file may name the same tree a million times. */
  readonly countTreeNodes: (count: number) => void;
  /** Names of the model's input columns, where the pickle has them. */
  readonly names: readonly string[] | null;
  /** Converts an estimator within another one; refuses what is nested too deep. */
  readonly transform: (estimator: Value | undefined, columns: readonly Column[]) => Column[];
  readonly predict: (estimator: Value | undefined, columns: readonly Column[]) => Prediction;
}

/** A class as its label is written: a text, or an integer. */
export type ClassLabel = string | number;

export type Prediction =
  | {
      readonly task: 'classification';
      readonly classes: readonly ClassLabel[];
      /** Index of the class, int64 [rows]. */
      readonly index: string;
      /** float64 [rows, classes], where scikit-learn has predict_proba. */
      readonly probabilities: string | null;
    }
  /** float64 [rows, targets]. */
  | { readonly task: 'regression'; readonly value: string; readonly targets: number };

export type Transformer = (estimator: Estimator, columns: readonly Column[], context: Context) => Column[];
export type Predictor = (estimator: Estimator, columns: readonly Column[], context: Context) => Prediction;
