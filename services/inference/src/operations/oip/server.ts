import { inferenceOperations } from '@vindima/contracts';
import { implement, version } from '@vindima/service-kit';
import type { Ports } from '../../ports.ts';

/** Tells of the server itself. */
export const oipServer = ({ context }: Ports) => {
  const about = {
    name: 'vindima',
    version,
    extensions: ['model_repository', 'binary_tensor_data', 'classification', 'statistics', 'model_configuration'],
  };
  implement(context, inferenceOperations.oipServer, async () => about);
  implement(context, inferenceOperations.oipLive, async () => ({ live: true }));
  // It listens once everything that was loaded is restored.
  implement(context, inferenceOperations.oipReady, async () => ({ ready: true }));
};
