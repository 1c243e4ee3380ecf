import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { ServiceError } from '@vindima/contracts';
import { decodeModel } from '@vindima/onnx';
import { importModel } from '../registry/import-model.ts';
import { guardProcess } from '../runtime/guard-process.ts';
import { openModel } from '../runtime/open-model.ts';
import { probe, reasonOf } from '../signature/probe.ts';
import type { TrialAnswer, TrialRequest, TriedModel, WireError } from './messages.ts';
import { startWeighing, weigh } from './weigh.ts';

// The process in which files of unknown origin are read, converted, loaded and run for the first time. If one of them brings the
// runtime down, or keeps it busy for ever, it is this process that ends.

const tryModel = async ({ file, name, output, metadata }: TrialRequest): Promise<TriedModel> => {
  const { onnx, origin, hints } = await importModel(await readFile(file), name);
  const model = decodeModel(onnx);
  const weighing = startWeighing();
  const session = await openModel(onnx, 1);
  try {
    const signature = await probe(session, model, hints, metadata);
    const cost = await weigh(weighing, session, model, signature, hints.isOwn === true);
    await writeFile(output, onnx);
    const sha256 = createHash('sha256').update(onnx).digest('hex');
    return { sha256, bytes: onnx.length, origin, signature, cost };
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

/** Memory that once was taken would hide what the next model takes. */
const isSpent = () => process.resourceUsage().maxRSS * 1024 > spentBytes;
const spentBytes = 256 * 2 ** 20;
guardProcess();

process.on('message', (request: TrialRequest) => {
  const answer = (result: TrialAnswer) => process.send?.(result);
  tryModel(request).then(
    (tried) => answer({ id: request.id, tried, spent: isSpent() }),
    (error: unknown) => answer({ id: request.id, error: toWire(error), spent: isSpent() }),
  );
});
process.on('disconnect', () => process.exit(0));
