import { elementTypeNumber } from '../element-types.ts';
import type { Tensor } from '../model.ts';
import type { MessageWriter } from './writer.ts';

/** Which field of `TensorProto` holds packed integers, by element type. */
const varintFields: Partial<Record<Tensor['type'], number>> = { int64: 7, uint32: 11, uint64: 11 };

/** Writes `TensorProto`. */
export function writeTensor(writer: MessageWriter, tensor: Tensor): void {
  const { content } = tensor;
  if (tensor.dims.length > 0) writer.integers(1, tensor.dims);
  writer.integer(2, elementTypeNumber(tensor.type));
  if (tensor.name !== '') writer.text(8, tensor.name);
  if (content.kind === 'raw') writer.bytes(9, content.bytes);
  else if (content.kind === 'varint') writer.bytes(varintFields[tensor.type] ?? 5, content.bytes);
  else if (content.kind === 'strings') for (const value of content.values) writer.text(6, value);
  else {
    for (const [key, value] of Object.entries({ location: content.location, ...content.details })) {
      writer.message(13, (entry) => {
        entry.text(1, key);
        entry.text(2, value);
      });
    }
    writer.integer(14, 1);
  }
}
