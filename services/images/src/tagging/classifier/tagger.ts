import { readFile } from 'node:fs/promises';
import type { Pixels } from '../../picture/read-picture.ts';
import { sha256Of } from '../../picture/sha256.ts';
import { createInference } from '../local/inference.ts';
import { type Tagger, toFindings } from '../tagger.ts';
import { readClassifier } from './description.ts';
import { edgeFor, prepareClassifierInput } from './prepare-input.ts';
import { toProbabilities } from './probabilities.ts';

/** Findings below this many percent are not worth keeping: a classifier gives every class some. */
const lowestConfidence = 1;

export interface ClassifierOptions {
  /** IMAGES_TAGGER_MODEL: a description, or an `.onnx` file with one beside it. */
  readonly path: string;
  readonly threads?: number;
}

const blank: Pixels = { data: Buffer.alloc(3), width: 1, height: 1 };

/** Any ONNX classifier as a tagger. @throws Error when the description, the labels or the model cannot be read, or do not fit each other */
export const createClassifierTagger = async ({ path, ...options }: ClassifierOptions): Promise<Tagger> => {
  const { description, modelPath, labels } = await readClassifier(path);
  const version = description.version ?? sha256Of(await readFile(modelPath)).slice(0, 12);
  const output = description.output?.name;
  const inference = await createInference({ modelPath, ...(output === undefined ? {} : { output }), ...options });
  const ignored = new Set(description.ignore);
  const classify = async (picture: Pixels, signal?: AbortSignal): Promise<Float64Array> => {
    const input = await prepareClassifierInput(picture, description.input);
    signal?.throwIfAborted();
    const probabilities = toProbabilities(await inference.run(input), description);
    if (probabilities.length === labels.length) return probabilities;
    throw new Error(`The model knows ${probabilities.length} classes, its labels are ${labels.length}.`);
  };
  try {
    // Better now than at the first upload.
    await classify(blank);
  } catch (error) {
    await inference.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The model ${modelPath} and its description do not fit each other: ${reason}`, { cause: error });
  }
  return {
    name: 'local',
    previewEdge: edgeFor(description.input),
    async tag({ preview }, signal) {
      const probabilities = await classify(preview, signal);
      const raw = labels
        .map((tag, index) => ({ tag, confidence: 100 * (probabilities[index] ?? 0), index }))
        .filter(({ confidence, index }) => confidence >= lowestConfidence && !ignored.has(index));
      return { tagger: 'local', model: description.name, version, findings: toFindings(raw) };
    },
    close: () => inference.close(),
  };
};
