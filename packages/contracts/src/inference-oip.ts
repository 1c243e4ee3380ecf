import { type Static, Type } from 'typebox';
import { InferenceTensor, inferenceDatatypes, ModelName } from './inference.ts';
import { Nullable, StringEnum } from './schema.ts';

// The Open Inference Protocol, version 2, REST: https://github.com/kserve/open-inference-protocol

/** MLServer's client writes what it does not have as null. */
const Parameters = Nullable(
  Type.Record(Type.String(), Type.Unknown(), {
    description: 'Of the protocol: binary_data_size, binary_data, binary_data_output, classification; none is needed',
  }),
);

export const OipModelParams = Type.Object({ model: ModelName });
export const OipVersionParams = Type.Object({
  model: ModelName,
  version: Type.String({ pattern: '^\\d{1,9}$', description: 'The number of a version' }),
});

export const OipInferQuery = Type.Object({
  non_finite: Type.Optional(
    StringEnum(['null', 'literal'], {
      description: 'Infinity and NaN in JSON: null, or as they are, which is no JSON but what Python reads and writes',
    }),
  ),
});

export const OipInferRequest = Type.Object(
  {
    id: Type.Optional(Nullable(Type.String({ maxLength: 1000, description: 'Comes back in the answer' }))),
    parameters: Type.Optional(Parameters),
    inputs: Type.Array(
      Type.Object({
        name: Type.String(),
        shape: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 32 }),
        datatype: StringEnum(inferenceDatatypes),
        parameters: Type.Optional(Parameters),
        data: Type.Optional(
          Type.Array(Type.Unknown(), {
            description: 'Elements in row-major order, flat or nested; behind the JSON with `binary_data_size`',
          }),
        ),
      }),
      { minItems: 1, maxItems: 1000 },
    ),
    outputs: Type.Optional(
      Nullable(
        Type.Array(Type.Object({ name: Type.String(), parameters: Type.Optional(Parameters) }), { maxItems: 1000 }),
      ),
    ),
  },
  { title: 'OipInferRequest' },
);
export type OipInferRequest = Static<typeof OipInferRequest>;

export const OipServerMetadata = Type.Object(
  { name: Type.String(), version: Type.String(), extensions: Type.Array(Type.String()) },
  { title: 'OipServerMetadata' },
);
export const OipLive = Type.Object({ live: Type.Boolean() }, { title: 'OipLive' });
export const OipReady = Type.Object({ ready: Type.Boolean() }, { title: 'OipReady' });

export const OipModelMetadata = Type.Object(
  {
    name: Type.String(),
    versions: Type.Array(Type.String()),
    platform: Type.String(),
    inputs: Type.Array(InferenceTensor),
    outputs: Type.Array(InferenceTensor),
    parameters: Type.Object({
      labels: Nullable(Type.Array(Type.String())),
      features: Nullable(Type.Array(Type.String())),
    }),
  },
  { title: 'OipModelMetadata' },
);

export const OipModelReady = Type.Object(
  { name: Type.String(), ready: Type.Boolean(), error: Type.Optional(Type.String()) },
  { title: 'OipModelReady' },
);

export const OipInferResponse = Type.Object(
  {
    model_name: Type.String(),
    model_version: Type.String(),
    id: Type.Optional(Type.String({ description: "The request's own" })),
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'warnings' })),
    outputs: Type.Array(
      Type.Object({
        ...InferenceTensor.properties,
        parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        data: Type.Optional(Type.Array(Type.Unknown())),
      }),
    ),
  },
  { title: 'OipInferResponse' },
);

export const OipRepositoryIndex = Type.Array(
  Type.Object({
    name: Type.String(),
    version: Type.String(),
    state: StringEnum(['READY', 'UNAVAILABLE']),
    reason: Type.String(),
  }),
  { title: 'OipRepositoryIndex' },
);

export const OipIndexRequest = Type.Union(
  [Type.Object({ ready: Type.Optional(Type.Boolean({ description: 'Only versions that answer' })) }), Type.Null()],
  { title: 'OipIndexRequest' },
);
export const OipLoadRequest = Type.Unsafe<unknown>({
  title: 'OipLoadRequest',
  description: 'Triton allows parameters; there are none here',
});
export const OipDone = Type.Object({}, { title: 'OipDone', description: 'Nothing to say' });

const Counted = Type.Object({ count: Type.Integer(), ns: Type.Integer({ description: 'Nanoseconds in all' }) });

/** Triton's statistics extension. */
export const OipModelStatistics = Type.Object(
  {
    model_stats: Type.Array(
      Type.Object({
        name: Type.String(),
        version: Type.String(),
        last_inference: Type.Integer({ description: 'Milliseconds since 1970; 0 for never' }),
        inference_count: Type.Integer({ description: 'Rows' }),
        execution_count: Type.Integer({ description: 'Runs' }),
        inference_stats: Type.Record(Type.String(), Counted),
        batch_stats: Type.Array(
          Type.Object({
            batch_size: Type.Integer(),
            compute_input: Counted,
            compute_infer: Counted,
            compute_output: Counted,
          }),
        ),
      }),
    ),
  },
  { title: 'OipModelStatistics' },
);

/** Triton's model configuration extension: what of it there is here. */
export const OipModelConfig = Type.Object(
  { name: Type.String(), platform: Type.String(), max_batch_size: Type.Integer() },
  { title: 'OipModelConfig', additionalProperties: true },
);
