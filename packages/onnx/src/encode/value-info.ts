import { elementTypeNumber } from '../element-types.ts';
import type { ValueInfo, ValueType } from '../model.ts';
import type { MessageWriter } from './writer.ts';

/** Writes `ValueInfoProto`. */
export function writeValueInfo(writer: MessageWriter, value: ValueInfo): void {
  writer.text(1, value.name);
  if (value.type.kind !== 'unknown') writer.message(2, (type) => writeType(type, value.type));
}

function writeType(writer: MessageWriter, type: ValueType): void {
  if (type.kind === 'tensor' || type.kind === 'sparse_tensor') {
    writer.message(type.kind === 'tensor' ? 1 : 8, (tensor) => writeTensorType(tensor, type));
  } else if (type.kind === 'sequence' || type.kind === 'optional') {
    writer.message(type.kind === 'sequence' ? 4 : 9, (container) => {
      container.message(1, (element) => writeType(element, type.element));
    });
  } else if (type.kind === 'map') {
    writer.message(5, (map) => {
      map.integer(1, elementTypeNumber(type.key));
      map.message(2, (value) => writeType(value, type.value));
    });
  }
}

function writeTensorType(writer: MessageWriter, type: Extract<ValueType, { shape: unknown }>): void {
  writer.integer(1, elementTypeNumber(type.type));
  if (type.shape === null) return;
  const { shape } = type;
  writer.message(2, (dims) => {
    for (const size of shape) {
      dims.message(1, (dimension) => {
        if (typeof size === 'number') dimension.integer(1, size);
        else if (size !== null) dimension.text(2, size);
      });
    }
  });
}
