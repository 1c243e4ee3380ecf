import { type ElementType, elementTypeOf } from '../element-types.ts';
import type { Tensor, TensorContent } from '../model.ts';
import { invalidModel } from './budget.ts';
import { readEntry } from './entries.ts';
import { joinPieces, readVarints } from './packed.ts';
import { readFields, type Scope } from './scope.ts';

const external = 1;

/**
 * Reads `TensorProto`. Elements stay where they are in the file: `raw_data`, and the packed `float_data` and
 * `double_data`, which have the same layout, become `raw`; the packed integers become `varint`.
 */
export function readTensor(scope: Scope): Tensor {
  let name = '';
  let type: ElementType = 'undefined';
  let isExternal = false;
  const dims: Uint8Array[] = [];
  const strings: string[] = [];
  const pieces: Uint8Array[] = [];
  const details = new Map<string, string>();
  let kind: 'raw' | 'varint' = 'raw';
  const decoder = new TextDecoder();
  const collect = (bytes: Uint8Array, as: 'raw' | 'varint') => {
    scope.budget.spend(1);
    if (pieces.length > 0 && as !== kind) throw invalidModel('a tensor has its elements in two places');
    kind = as;
    pieces.push(bytes);
  };
  readFields(scope, (field) => {
    if (field.number === 1) {
      scope.budget.spend(1);
      dims.push(field.packed('varint'));
    } else if (field.number === 2) type = elementTypeOf(field.small());
    else if (field.number === 4) collect(field.packed(4), 'raw');
    else if (field.number === 5 || field.number === 7 || field.number === 11) collect(field.packed('varint'), 'varint');
    else if (field.number === 6) {
      scope.budget.spend(1);
      strings.push(decoder.decode(field.bytes()));
    } else if (field.number === 8) name = field.text();
    else if (field.number === 9) collect(field.bytes(), 'raw');
    else if (field.number === 10) collect(field.packed(8), 'raw');
    else if (field.number === 13) details.set(...readEntry(field.message()));
    else if (field.number === 14) isExternal = field.small() === external;
  });
  const sizes = Array.from(readVarints(joinPieces(dims), scope.budget), Number);
  if (sizes.some((size) => size < 0)) throw invalidModel(`the tensor "${name}" has a negative size`);
  return { name, type, dims: sizes, content: content() };

  function content(): TensorContent {
    if (isExternal) {
      const { location = '', ...rest } = Object.fromEntries(details);
      return { kind: 'external', location, details: rest };
    }
    if (type === 'string') return { kind: 'strings', values: strings };
    return { kind, bytes: joinPieces(pieces) };
  }
}
