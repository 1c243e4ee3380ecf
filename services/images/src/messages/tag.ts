import { imagesCommands } from '@vindima/contracts';
import type { ImagesContext } from '../context.ts';
import type { defineTagJob } from '../jobs/tag.ts';

/** `commands.images.tag`: begins a job, so that a slow tagger holds no message up; the same message begins it once. */
export const handleTag = async ({ messages }: ImagesContext, job: ReturnType<typeof defineTagJob>): Promise<void> => {
  await messages.on(imagesCommands.tag, async (command, { message, transaction }) => {
    await job.start(command, { transaction, idempotencyKey: message.id, reference: command.reference });
  });
};
