import type { InferenceDatatype } from '@vindima/contracts';
import type { ModelRecord, VersionRecord } from '../registry/state.ts';

const typeOf = (datatype: InferenceDatatype) => `TYPE_${datatype === 'BYTES' ? 'STRING' : datatype}`;

/**
 * A model's configuration, as Triton's extension has it: shapes are without the first size where rows are put together.
 */
export const describeConfig = ({ name, batching }: ModelRecord, { ref, signature }: VersionRecord) => {
  const together = signature.batching === 'any';
  const tensor = ({ name: own, datatype, shape }: (typeof signature.inputs)[number]) => ({
    name: own,
    data_type: typeOf(datatype),
    dims: together ? shape.slice(1) : [...shape],
  });
  return {
    name,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    version_policy: { specific: { versions: [ref.version] } },
    max_batch_size: together ? batching.max_batch : 0,
    input: signature.inputs.map(tensor),
    output: signature.outputs.map(tensor),
    ...(together
      ? { dynamic_batching: { max_queue_delay_microseconds: Math.round(batching.max_wait_ms * 1000) } }
      : {}),
    instance_group: [{ name, kind: 'KIND_CPU', count: 1 }],
  };
};
