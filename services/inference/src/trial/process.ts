import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { ServiceError } from '@vindima/contracts';
import { importModel } from '../registry/import-model.ts';
import { openModel } from '../runtime/open-model.ts';
import { probe, reasonOf } from '../signature/probe.ts';
import type { TrialAnswer, TrialRequest, TriedModel, WireError } from './messages.ts';

// The process in which files of unknown origin are read, converted, loaded and run for the first time. If one of them brings the
// runtime down, or keeps it busy for ever, it is this process that ends.

const tryModel = async ({ file, name, output, metadata }: TrialRequest): Promise<TriedModel> => {
  const { onnx, origin, hints } = await importModel(await readFile(file), name);
  const session = await openModel(onnx, 1);
  try {
    const signature = await probe(session, hints, metadata);
    await writeFile(output, onnx);
    return { sha256: createHash('sha256').update(onnx).digest('hex'), bytes: onnx.length, origin, signature };
  } finally {
    await session.close();
  }
};

const toWire = (error: unknown): WireError =>
  error instanceof ServiceError
    ? { status: error.status, code: error.code, message: error.message, details: error.details }
    : {
        status: 422,
        code: 'inference.cannot_load',
        message: `The file cannot be used: ${reasonOf(error)}`,
        details: {},
      };

new Worker(new URL('./guard.ts', import.meta.url), {
  workerData: { parent: process.ppid },
  resourceLimits: { maxOldGenerationSizeMb: 16 },
}).unref();

process.on('message', (request: TrialRequest) => {
  const answer = (result: TrialAnswer) => process.send?.(result);
  tryModel(request).then(
    (tried) => answer({ id: request.id, tried }),
    (error: unknown) => answer({ id: request.id, error: toWire(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
