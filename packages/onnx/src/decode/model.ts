import { ServiceError } from '@vindima/contracts';
import type { Graph, Model, ModelFunction } from '../model.ts';
import { createBudget, type DecodeLimits, defaultDecodeLimits, invalidModel, limitExceeded, once } from './budget.ts';
import { readEntry, readOpset } from './entries.ts';
import { readFunction, readGraph } from './graph.ts';
import { readFields } from './scope.ts';

/**
 * Decodes an ONNX model (`ModelProto`) from a file that may be hostile. Weights are not copied: the tensors hold
 * views into `bytes`, which must therefore stay unchanged while the model is in use.
 *
 * @throws ServiceError 422 `onnx.invalid_model` for what is no ONNX model, `onnx.limit_exceeded` for one that is
 * larger, deeper or of more parts than `limits` allow.
 */
export function decodeModel(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): Model {
  const budget = createBudget({ ...defaultDecodeLimits, ...limits });
  if (bytes.length > budget.limits.maxBytes) throw limitExceeded('bytes', budget.limits.maxBytes);
  let irVersion = 0;
  let producerName = '';
  let producerVersion = '';
  let description = '';
  let graph: Graph | undefined;
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const functions: ModelFunction[] = [];
  try {
    readFields({ bytes, depth: 0, budget }, (field) => {
      if (field.number === 1) irVersion = Number(field.integer());
      else if (field.number === 2) producerName = field.text();
      else if (field.number === 3) producerVersion = field.text();
      else if (field.number === 6) description = field.text();
      else if (field.number === 7) graph = once(graph, readGraph(field.message()));
      else if (field.number === 8) opsets.set(...readOpset(field.message()));
      else if (field.number === 14) metadata.set(...readEntry(field.message()));
      else if (field.number === 25) functions.push(readFunction(field.message()));
    });
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw invalidModel('its bytes cannot be read', error);
  }
  if (graph === undefined) throw invalidModel('it has no graph');
  if (irVersion < 1) throw invalidModel('it does not say which version of the format it has');
  return {
    irVersion,
    producerName,
    producerVersion,
    description,
    opsets: Object.fromEntries(opsets),
    metadata: Object.fromEntries(metadata),
    graph,
    functions,
  };
}
