import { type InferenceModelMetadata, type InferenceSignature, ServiceError } from '@vindima/contracts';
import type { Model } from '@vindima/onnx';
import { followRows } from '../graph/follow-rows.ts';
import type { ModelHints } from '../registry/importers.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensors } from '../tensors/tensor.ts';
import { decideBatching, firstSize } from './batching.ts';
import { describeFeatures } from './describe-features.ts';
import { describeOutputs } from './describe-outputs.ts';
import { fills, makeRows } from './make-rows.ts';

/**
 * Completes what a model's file says by its graph, and by running it with made-up rows: how many rows it takes at once, whether rows may
 * run together, which output is what.
 *
 * @throws ServiceError 422 `inference.cannot_run` when no run with the sizes that the model itself states works;
 * `inference.wrong_metadata`
 */
export const probe = async (
  session: Session,
  model: Model,
  hints: ModelHints,
  metadata: InferenceModelMetadata,
): Promise<InferenceSignature> => {
  const { inputs, outputs } = session;
  const features = describeFeatures(session, hints, metadata);
  const stated = inputs.every(({ shape }) => shape.slice(1).every((size) => size >= 0)) || features !== null;
  const bare = { inputs: [...inputs], outputs: [...outputs] };
  const nothing = { label_output: null, score_output: null, labels: null, label_values: null, scores: null };
  const whole: InferenceSignature = { ...bare, features: null, ...nothing, batching: 'none' };
  const first = firstSize(inputs);
  if (first === undefined) return whole;
  const width = features?.length ?? 1;
  const runs = await runEach(session, Math.max(1, first), width, stated);
  const [single] = runs;
  if (single === undefined) return whole;
  const independent = followRows(model);
  const isIndependent = hints.isOwn === true || outputs.every(({ name }) => independent.get(name) === true);
  const batching = await decideBatching(session, width, isIndependent, single);
  if (batching === 'none') return whole;
  return { ...bare, features, ...describeOutputs(session, model, runs, hints, metadata), batching };
};

/** A model that takes long for a row is asked fewer of them. */
const enoughMs = 5000;

/** What the model answers to rows of every kind that it takes. */
const runEach = async (session: Session, rows: number, width: number, mustWork: boolean): Promise<Tensors[]> => {
  const answers: Tensors[] = [];
  let refusal: unknown;
  const end = performance.now() + enoughMs;
  for (const [index, fill] of fills.entries()) {
    try {
      answers.push(await session.run(makeRows(session.inputs, rows, width, fill, index + 1), rows, null));
      if (performance.now() > end && answers.length > 1) return answers;
    } catch (error) {
      refusal ??= error;
    }
  }
  if (answers.length > 0 || !mustWork) return answers;
  throw new ServiceError(422, 'inference.cannot_run', `The model cannot be run: ${reasonOf(refusal)}`, {
    cause: refusal,
  });
};

/** The runtime's own words, on one line and not too many. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 500);
};
