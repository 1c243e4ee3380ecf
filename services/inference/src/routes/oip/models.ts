import { describeModel } from '../../oip/metadata.ts';
import { ModelMetadata, ModelParams, ModelReady, modelPaths, oipErrors } from '../../oip/schemas.ts';
import type { Ports } from '../../ports.ts';
import { findModel, findVersion, newestVersion, type RegistryState, type VersionRecord } from '../../registry/state.ts';

const tags = ['open inference protocol'];

/** `GET /v2/models/{model}[/versions/{version}]` and `.../ready`. */
export const oipModels = ({ context: { app }, registry }: Ports) => {
  for (const path of modelPaths) {
    app.get(
      path,
      {
        schema: {
          tags,
          summary: 'What a model wants and gives',
          params: ModelParams,
          response: { 200: ModelMetadata, 404: oipErrors[404] },
        },
      },
      async ({ params: { model, version } }) =>
        describeModel(findModel(registry.state, model), chosen(registry.state, model, version)),
    );
    app.get(
      `${path}/ready`,
      {
        schema: {
          tags,
          summary: 'Does it answer?',
          params: ModelParams,
          response: { 200: ModelReady, 400: ModelReady, 404: oipErrors[404] },
        },
      },
      async ({ params: { model: name, version } }, reply) => {
        chosen(registry.state, name, version);
        if (findModel(registry.state, name).loaded) return { name, ready: true };
        // The protocol: a status of 4xx says no.
        return reply.code(400).send({ name, ready: false, error: `The model "${name}" is not loaded.` });
      },
    );
  }
};

/** The version that is asked for; else the one that answers, or would. */
const chosen = (state: RegistryState, name: string, version: string | undefined): VersionRecord =>
  version === undefined
    ? newestVersion(findModel(state, name))
    : findVersion(state, { name, version: Number(version) });
