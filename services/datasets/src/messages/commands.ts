import { datasetsCommands } from '@vindima/contracts';
import type { DatasetJobs } from '../jobs/jobs.ts';
import type { Tools } from '../work/tools.ts';

/** `commands.datasets.*`: each starts a job, once for each message. */
export const handleCommands = async ({ context: { messages } }: Tools, jobs: DatasetJobs): Promise<void> => {
  await messages.on(datasetsCommands.import, async (payload, { transaction, message }) => {
    await jobs.import.start(payload, { transaction, idempotencyKey: `message-${message.id}` });
  });
  await messages.on(datasetsCommands.process, async (payload, { transaction, message }) => {
    await jobs.process.start(payload, { transaction, idempotencyKey: `message-${message.id}` });
  });
  await messages.on(datasetsCommands.validate, async (payload, { transaction, message }) => {
    await jobs.validate.start(payload, { transaction, idempotencyKey: `message-${message.id}` });
  });
  await messages.on(datasetsCommands.analyze, async (payload, { transaction, message }) => {
    await jobs.analyze.start(payload, { transaction, idempotencyKey: `message-${message.id}` });
  });
};
