import { type Static, Type } from 'typebox';
import { InferenceTensor, inferenceDatatypes, ModelName } from './inference.ts';
import { Nullable, StringEnum } from './schema.ts';

// The Open Inference Protocol, version 2, REST: https://github.com/kserve/open-inference-protocol

const Parameters = Type.Record(Type.String(), Type.Unknown(), { description: 'Of the protocol; none is needed' });

export const OipModelParams = Type.Object({ model: ModelName });
export const OipVersionParams = Type.Object({
  model: ModelName,
  version: Type.String({ pattern: '^\\d{1,9}$', description: 'The number of a version' }),
});

export const OipInferRequest = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 1000, description: 'Comes back in the answer' })),
    parameters: Type.Optional(Parameters),
    inputs: Type.Array(
      Type.Object({
        name: Type.String(),
        shape: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 32 }),
        datatype: StringEnum(inferenceDatatypes),
        parameters: Type.Optional(Parameters),
        data: Type.Array(Type.Unknown(), { description: 'Elements in row-major order, flat or nested' }),
      }),
      { minItems: 1, maxItems: 1000 },
    ),
    outputs: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), parameters: Type.Optional(Parameters) }), { maxItems: 1000 }),
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
    outputs: Type.Array(Type.Object({ ...InferenceTensor.properties, data: Type.Array(Type.Unknown()) })),
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
