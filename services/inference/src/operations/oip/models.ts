import { inferenceOperations } from '@vindima/contracts';
import { implement } from '@vindima/service-kit';
import type { FastifyReply } from 'fastify';
import { describeConfig } from '../../oip/config.ts';
import { describeModel } from '../../oip/metadata.ts';
import { describeStatistics } from '../../oip/statistics.ts';
import type { Ports } from '../../ports.ts';
import { findModel, findVersion, newestVersion, type RegistryState, type VersionRecord } from '../../registry/state.ts';

/** Tells what a model, or a version of it, wants and gives, and whether it answers. */
export const oipModels = ({ context, registry, statistics }: Ports) => {
  const describe = async ({ params: { model, version } }: Asked) =>
    describeModel(findModel(registry.state, model), chosen(registry.state, model, version));
  implement(context, inferenceOperations.oipModel, describe);
  implement(context, inferenceOperations.oipVersion, describe);

  const tellReady = async ({ params: { model: name, version } }: Asked, reply: FastifyReply) => {
    chosen(registry.state, name, version);
    if (findModel(registry.state, name).loaded) return { name, ready: true };
    // The protocol: a status of 4xx says no.
    reply.code(400);
    return { name, ready: false, error: `The model "${name}" is not loaded.` };
  };
  const tellConfig = async ({ params: { model, version } }: Asked) =>
    describeConfig(findModel(registry.state, model), chosen(registry.state, model, version));
  implement(context, inferenceOperations.oipModelConfig, tellConfig);
  implement(context, inferenceOperations.oipVersionConfig, tellConfig);
  implement(context, inferenceOperations.oipStatistics, async () => describeStatistics(statistics.all()));
  const tellStatistics = async ({ params: { model, version } }: Asked) => {
    const wanted = chosen(registry.state, model, version).ref;
    return describeStatistics([statistics.of(wanted)]);
  };
  implement(context, inferenceOperations.oipModelStatistics, tellStatistics);
  implement(context, inferenceOperations.oipVersionStatistics, tellStatistics);
  implement(context, inferenceOperations.oipModelReady, tellReady);
  implement(context, inferenceOperations.oipVersionReady, tellReady);
};

interface Asked {
  readonly params: { readonly model: string; readonly version?: string };
}

/** The version that is asked for; else the one that answers, or would. */
const chosen = (state: RegistryState, name: string, version: string | undefined): VersionRecord =>
  version === undefined
    ? newestVersion(findModel(state, name))
    : findVersion(state, { name, version: Number(version) });
