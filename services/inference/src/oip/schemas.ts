import { ErrorBody, InferenceTensor, ModelName, Nullable, StringEnum } from '@vindima/contracts';
import { Type } from 'typebox';

/** Paths of the protocol: with and without a version. */
export const modelPaths = ['/v2/models/:model', '/v2/models/:model/versions/:version'] as const;

/** The parameters of both. */
export const ModelParams = Type.Object({
  model: ModelName,
  version: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
});

/** Errors have the protocol's `error`, and what all of the platform's errors have besides. */
export const oipErrors = {
  400: ErrorBody,
  404: ErrorBody,
  409: ErrorBody,
  413: ErrorBody,
  422: ErrorBody,
  429: ErrorBody,
  503: ErrorBody,
};

export const ServerMetadata = Type.Object({
  name: Type.String(),
  version: Type.String(),
  extensions: Type.Array(Type.String()),
});

export const ModelMetadata = Type.Object({
  name: Type.String(),
  versions: Type.Array(Type.String()),
  platform: Type.String(),
  inputs: Type.Array(InferenceTensor),
  outputs: Type.Array(InferenceTensor),
  parameters: Type.Object({
    labels: Nullable(Type.Array(Type.String())),
    features: Nullable(Type.Array(Type.String())),
  }),
});

export const ModelReady = Type.Object({
  name: Type.String(),
  ready: Type.Boolean(),
  error: Type.Optional(Type.String()),
});

export const InferResponse = Type.Object({
  model_name: Type.String(),
  model_version: Type.String(),
  id: Type.Optional(Type.String({ description: "The request's own" })),
  outputs: Type.Array(Type.Object({ ...InferenceTensor.properties, data: Type.Array(Type.Unknown()) })),
});

export const RepositoryIndex = Type.Array(
  Type.Object({
    name: Type.String(),
    version: Type.String(),
    state: StringEnum(['READY', 'UNAVAILABLE']),
    reason: Type.String(),
  }),
);
