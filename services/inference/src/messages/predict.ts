import { predictDataset } from '@vindima/contracts';
import type { Ports } from '../ports.ts';

/** `commands.inference.predict`: a whole file, as a job. */
export const handlePredict = ({ context: { messages }, predicting }: Ports) =>
  messages.on(predictDataset, async (request, { transaction, message }) => {
    await predicting.start(request, { transaction, idempotencyKey: `message-${message.id}` });
  });
