import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { StringEnum } from '@vindima/contracts';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const PerChannel = Type.Union([Type.Number(), Type.Array(Type.Number(), { minItems: 3, maxItems: 3 })]);

/**
 * What must be known of an ONNX classifier besides its file. A pixel's value becomes `(value - mean) / deviation`, channel by channel in
 * the order of `channels`.
 */
export const ClassifierDescription = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Kept with every tag' }),
    version: Type.Optional(
      Type.String({ maxLength: 100, description: "Default: the beginning of the file's SHA-256" }),
    ),
    model: Type.String({ description: 'The .onnx file, relative to this description' }),
    labels: Type.String({
      description:
        'A JSON array of labels, or a text file with one a line; of synonyms between commas the first is taken',
    }),
    ignore: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0 }), { description: 'Classes that are no tags (background)' }),
    ),
    input: Type.Object({
      width: Type.Integer({ minimum: 1, maximum: 2048 }),
      height: Type.Integer({ minimum: 1, maximum: 2048 }),
      type: StringEnum(['float32', 'float16', 'uint8'], { default: 'float32' }),
      layout: StringEnum(['NCHW', 'NHWC'], { default: 'NCHW' }),
      channels: StringEnum(['RGB', 'BGR'], { default: 'RGB' }),
      mean: Type.Optional(PerChannel),
      deviation: Type.Optional(PerChannel),
      fit: StringEnum(['cover', 'contain', 'fill'], {
        default: 'cover',
        description: 'How the picture fills the input',
      }),
    }),
    output: Type.Optional(
      Type.Object({
        name: Type.Optional(Type.String({ description: "Default: the model's first output" })),
        activation: StringEnum(['none', 'softmax', 'sigmoid'], {
          default: 'none',
          description: 'What turns the output into probabilities',
        }),
      }),
    ),
    calibration: Type.Optional(
      Type.Object(
        { slope: Type.Number({ default: 1 }), intercept: Type.Number({ default: 0 }) },
        { description: "Platt's scaling of the logit of the probability" },
      ),
    ),
  },
  { additionalProperties: false },
);

export type ClassifierDescription = Static<typeof ClassifierDescription>;

export interface Classifier {
  readonly description: ClassifierDescription;
  readonly modelPath: string;
  /** By class. */
  readonly labels: readonly string[];
}

const parseLabels = (text: string): string[] => {
  const listed: unknown = text.trimStart().startsWith('[') ? JSON.parse(text) : text.trim().split(/\r?\n/);
  if (!Value.Check(Type.Array(Type.String()), listed)) throw new Error('The labels are no list of texts.');
  return listed.map((label) => label.split(',', 1)[0]?.trim() ?? '');
};

/**
 * Reads the description that IMAGES_TAGGER_MODEL names: a JSON file, or an `.onnx` file with one beside it (`model.onnx`, `model.json`).
 * @throws Error that says what is wrong with it
 */
export const readClassifier = async (path: string): Promise<Classifier> => {
  const descriptionPath = extname(path) === '.onnx' ? `${path.slice(0, -'.onnx'.length)}.json` : path;
  const description = Value.Default(ClassifierDescription, JSON.parse(await readFile(descriptionPath, 'utf8')));
  if (!Value.Check(ClassifierDescription, description)) {
    const problems = Value.Errors(ClassifierDescription, description).map(
      ({ instancePath, message }) => `${instancePath || 'it'} ${message}`,
    );
    throw new Error(`The description ${descriptionPath} is not valid: ${problems.join('; ')}.`);
  }
  const folder = dirname(descriptionPath);
  return {
    description,
    modelPath: resolve(folder, description.model),
    labels: parseLabels(await readFile(resolve(folder, description.labels), 'utf8')),
  };
};
