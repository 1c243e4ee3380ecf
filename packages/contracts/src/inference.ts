import { type Static, Type } from 'typebox';
import { defineCommand, defineEvent } from './messages.ts';
import { Page } from './pagination.ts';
import { Nullable, StringEnum, Timestamp } from './schema.ts';

/** Names of models are parts of paths and of object keys. */
export const ModelName = Type.String({
  pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$',
  examples: ['iris'],
  description: 'Letters, digits, dots, hyphens and underscores; at most 100',
});
export const ModelVersionNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Counted from 1' });

/** Element types, as the Open Inference Protocol names them. */
export const inferenceDatatypes = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const;
export type InferenceDatatype = (typeof inferenceDatatypes)[number];

/** A tensor of a model's signature. */
export const InferenceTensor = Type.Object({
  name: Type.String(),
  datatype: StringEnum(inferenceDatatypes),
  shape: Type.Array(Type.Integer({ minimum: -1 }), { description: '-1 stands for any size' }),
});
export type InferenceTensor = Static<typeof InferenceTensor>;

/** What the numbers of an output may mean. */
export const outputKinds = ['probabilities', 'logits', 'labels', 'multilabel', 'regression'] as const;
export type OutputKind = (typeof outputKinds)[number];

/** A field of a row. */
export const InferenceFeature = Type.Object({
  name: Type.String(),
  type: StringEnum(['number', 'text']),
  missing: Type.Optional(
    Type.Boolean({ description: 'True: `null`, or no such field, is a missing value, which the model knows' }),
  ),
  used: Type.Optional(Type.Boolean({ description: 'False: the model drops it, so it may be anything or left out' })),
  categories: Type.Optional(
    Type.Array(Type.Union([Type.String(), Type.Number(), Type.Null()]), {
      description: 'What the model has seen in training; null is a missing value',
    }),
  ),
  unknown: Type.Optional(
    StringEnum(['error', 'ignore'], { description: 'What becomes of another category: refused, or none of them' }),
  ),
});
export type InferenceFeature = Static<typeof InferenceFeature>;

/** What a model wants and gives: read from its file, completed by the metadata that came with it. */
export const InferenceSignature = Type.Object(
  {
    inputs: Type.Array(InferenceTensor),
    outputs: Type.Array(InferenceTensor),
    features: Nullable(
      Type.Array(InferenceFeature, {
        description:
          'The fields of a row, in order; null when a row is not flat (an image): then its fields are the inputs',
      }),
    ),
    kind: Type.Optional(
      Nullable(
        StringEnum(outputKinds, {
          description: 'What the outputs mean; null when nothing tells: then `metadata.outputs.kind` may',
        }),
      ),
    ),
    value_output: Type.Optional(
      Nullable(Type.String({ description: 'The output with the values of a model that tells no class' })),
    ),
    label_output: Nullable(Type.String({ description: 'The output that names the class' })),
    score_output: Nullable(Type.String({ description: 'The output with a figure per class' })),
    labels: Nullable(Type.Array(Type.String(), { description: 'Classes, in the order of the scores' })),
    label_values: Nullable(Type.Array(Type.String(), { description: 'What the label output says for each of them' })),
    scores: Nullable(
      StringEnum(['probabilities', 'logits'], { description: 'Logits become probabilities by softmax' }),
    ),
    batching: StringEnum(['any', 'one', 'fixed', 'none'], {
      description:
        'Rows that one run takes: any number; one; as many as the first size of its inputs; or only whole requests, as its tensors do not consist of rows',
    }),
  },
  { title: 'InferenceSignature' },
);
export type InferenceSignature = Static<typeof InferenceSignature>;

/** What a file does not say, told by whoever uploads it. */
export const InferenceModelMetadata = Type.Object(
  {
    feature_names: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 10_000 })),
    labels: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100_000 })),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    outputs: Type.Optional(
      Type.Object(
        {
          kind: StringEnum(outputKinds, { description: 'What the output means, where the file does not say' }),
          name: Type.Optional(Type.String({ description: 'Which output; the first that may be it' })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { title: 'InferenceModelMetadata', additionalProperties: false },
);
export type InferenceModelMetadata = Static<typeof InferenceModelMetadata>;

/** A request whose answer is known: a version that answers otherwise is not promoted. */
export const InferenceGolden = Type.Object(
  {
    input: Type.Record(Type.String(), Type.Unknown(), { description: 'A row, as for classify' }),
    class: Type.Optional(Type.String({ description: 'The class that it must get' })),
  },
  { title: 'InferenceGolden', additionalProperties: false },
);
export type InferenceGolden = Static<typeof InferenceGolden>;

/** How requests are put together. */
export const InferenceBatching = Type.Object(
  {
    max_batch: Type.Integer({ minimum: 1, maximum: 4096, description: 'Rows that run together at most' }),
    max_wait_ms: Type.Number({ minimum: 0, maximum: 1000, description: 'How long a row waits for others at most' }),
  },
  { title: 'InferenceBatching', additionalProperties: false },
);
export type InferenceBatching = Static<typeof InferenceBatching>;

export const InferenceModelVersion = Type.Object(
  {
    version: ModelVersionNumber,
    sha256: Type.String({ description: 'Of the ONNX file that is run' }),
    bytes: Type.Integer(),
    memory_bytes: Type.Optional(
      Type.Integer({ description: 'In memory, as measured when it was tried; what the budget counts' }),
    ),
    isolated: Type.Optional(
      Type.Boolean({ description: 'Runs in a process of its own, as its graph does not bound what a run takes' }),
    ),
    held_back: Type.Optional(Type.Boolean({ description: 'Runs no more, as three of its runs had to be ended' })),
    origin: Type.Record(Type.String(), Type.Unknown(), { description: 'What was uploaded and what was made of it' }),
    signature: InferenceSignature,
    metadata: InferenceModelMetadata,
    golden: Nullable(InferenceGolden),
    in_memory: Type.Boolean({ description: 'In this replica, now' }),
    created_at: Timestamp,
  },
  { title: 'InferenceModelVersion' },
);
export type InferenceModelVersion = Static<typeof InferenceModelVersion>;

export const InferenceModel = Type.Object(
  {
    name: ModelName,
    champion: Nullable(Type.Integer({ description: 'The version that answers' })),
    loaded: Type.Boolean({ description: 'Answers; false until it is loaded and after it was unloaded' }),
    current: Type.Boolean({ description: 'Answers `POST /model/classify/`' }),
    batching: InferenceBatching,
    versions: Type.Array(InferenceModelVersion),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'InferenceModel' },
);
export type InferenceModel = Static<typeof InferenceModel>;
export const InferenceModelPage = Page(InferenceModel);

/** A model as an answer names it. */
export const InferenceModelRef = Type.Object({ name: Type.String(), version: Type.Integer() });
export type InferenceModelRef = Static<typeof InferenceModelRef>;

/** What `POST /model/load/` takes as JSON; without a body it loads the built-in `iris`. */
export const LoadModelRequest = Type.Object(
  { name: Type.Optional(ModelName), version: Type.Optional(ModelVersionNumber) },
  { title: 'LoadModelRequest', additionalProperties: false },
);
export type LoadModelRequest = Static<typeof LoadModelRequest>;

export const LoadedModel = Type.Object(
  { ...InferenceModelRef.properties, loaded: Type.Literal(true), signature: InferenceSignature },
  { title: 'LoadedModel' },
);
export type LoadedModel = Static<typeof LoadedModel>;

export const PromoteRequest = Type.Object({ version: ModelVersionNumber }, { additionalProperties: false });

export const loadKind = 'inference.load';

export const loadModel = defineCommand({
  service: 'inference',
  name: 'load',
  summary: 'Load a model (the built-in iris unless named) and let it answer',
  payload: LoadModelRequest,
});

export const loadReasons = ['load', 'promote', 'rollback'] as const;
export type LoadReason = (typeof loadReasons)[number];

export const modelLoaded = defineEvent({
  service: 'inference',
  name: 'model-loaded',
  summary: 'A version of a model answers now',
  payload: Type.Object({
    model: InferenceModelRef,
    previous_version: Nullable(Type.Integer({ description: 'That answered before' })),
    sha256: Type.String(),
    reason: StringEnum(loadReasons),
  }),
});
