import { loadModel } from '@vindima/contracts';
import type { Ports } from '../ports.ts';

/** `commands.inference.load`: the work is a job, as loading may take longer than a transaction should. */
export const handleLoad = ({ context: { messages }, loading }: Ports) =>
  messages.on(loadModel, async (request, { transaction, message }) => {
    await loading.start(request, { transaction, idempotencyKey: `message-${message.id}` });
  });
