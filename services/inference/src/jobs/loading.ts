import { type InferenceModelRef, LoadModelRequest, loadKind } from '@vindima/contracts';
import type { InferenceContext } from '../context.ts';
import type { InferenceJob } from '../ports.ts';
import { type LoadPorts, load } from '../registry/load.ts';

/** The work that `commands.inference.load` asks for. Loading what is loaded already changes nothing, so it may run again. */
export const defineLoading = ({ jobs }: InferenceContext, ports: LoadPorts): InferenceJob<LoadModelRequest> =>
  jobs.define({
    kind: loadKind,
    input: LoadModelRequest,
    outputs: ({ name, version }: InferenceModelRef) => ({ models: [`${name}/${version}`] }),
    run: async ({ input }) => {
      const { ref } = await load(ports, input, true);
      return { ...ref, loaded: true };
    },
  });
