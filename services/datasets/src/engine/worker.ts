// The program of an engine process. It gets one request at a time over IPC, does it with files in the folder it was
// given, and answers. It has no environment, no network to talk to, and may be killed at any time.
import { Worker } from 'node:worker_threads';
import { ServiceError } from '@vindima/contracts';
import { describeFailure } from './failure.ts';
import type { EngineAnswer, EngineRequest } from './protocol.ts';
import { openSession } from './session.ts';
import { runTask } from './tasks.ts';

const maximumMemory = Number(process.argv[2]);
const guard = new Worker(new URL('./guard.ts', import.meta.url), {
  workerData: { maximumMemory, parent: process.ppid },
  resourceLimits: { maxOldGenerationSizeMb: 16 },
});
guard.on('error', () => process.exit(70));

const work = async (request: EngineRequest): Promise<EngineAnswer> => {
  const { id } = request;
  try {
    const result = await runIn(request);
    return { id, ok: true, result, memory: process.memoryUsage.rss() };
  } catch (error) {
    const failure = error instanceof ServiceError ? error : describeFailure(error, request.task === 'ingest');
    return { id, ok: false, error: failure.toBody(), memory: process.memoryUsage.rss() };
  }
};

/** The session is closed before memory is counted: what it held is given back, and the process can be used again. */
const runIn = async (request: EngineRequest): Promise<unknown> => {
  const session = await openSession(request.folder, request.readable, request.limits);
  try {
    return await runTask(session, request.task, request.input);
  } finally {
    session.close();
  }
};

process.on('message', (request: EngineRequest) => {
  work(request).then(
    (answer) => process.send?.(answer),
    () => process.exit(70),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, ok: true, result: null, memory: process.memoryUsage.rss() } satisfies EngineAnswer);
