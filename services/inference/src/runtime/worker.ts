import { parentPort } from 'node:worker_threads';
import { buffersOf, type RuntimeAnswer, type RuntimeRequest } from './messages.ts';
import { openModel } from './open-model.ts';
import type { Session } from './session.ts';
import { toWire } from './to-wire.ts';

// A thread that runs models, so that the service's own thread never waits for one.

const sessions = new Map<number, Session>();

const sessionOf = (key: number): Session => {
  const session = sessions.get(key);
  if (session === undefined) throw new Error(`model ${key} is not loaded in this thread`);
  return session;
};

const handle = async (id: number, request: RuntimeRequest): Promise<RuntimeAnswer> => {
  switch (request.kind) {
    case 'load': {
      const session = await openModel(request.onnx, request.threads);
      sessions.set(request.key, session);
      return { id, loaded: { inputs: session.inputs } };
    }
    case 'run':
      return { id, outputs: await sessionOf(request.key).run(request.feeds, request.rows, request.chunk) };
    case 'unload': {
      const session = sessions.get(request.key);
      sessions.delete(request.key);
      await session?.close();
      return { id, unloaded: true };
    }
  }
};

parentPort?.on('message', ({ id, request }: { id: number; request: RuntimeRequest }) => {
  handle(id, request).then(
    (answer) => parentPort?.postMessage(answer, 'outputs' in answer ? buffersOf(answer.outputs) : []),
    (error: unknown) => parentPort?.postMessage({ id, error: toWire(error) } satisfies RuntimeAnswer),
  );
});
