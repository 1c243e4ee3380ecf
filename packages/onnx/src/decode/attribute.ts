import { attributeKindOf } from '../attribute-kinds.ts';
import type { Attribute, Graph, Tensor } from '../model.ts';
import { once, unsupportedSparse } from './budget.ts';
import { joinPieces, readFloats, readVarints } from './packed.ts';
import { readFields, type Scope } from './scope.ts';
import { readTensor } from './tensor.ts';

/**
 * Reads `AttributeProto`. Kinds that say nothing about values (types, references) are `other`.
 *
 * @param readGraph reads a graph within it, whose nodes have attributes in turn
 */
export function readAttribute(scope: Scope, readGraph: (scope: Scope) => Graph): [name: string, attribute: Attribute] {
  const decoder = new TextDecoder();
  let name = '';
  let kind: Attribute['kind'] = 'other';
  let float = 0;
  let int = 0n;
  let string = '';
  let tensor: Tensor | undefined;
  let graph: Graph | undefined;
  const floats: Uint8Array[] = [];
  const ints: Uint8Array[] = [];
  const strings: string[] = [];
  const tensors: Tensor[] = [];
  const graphs: Graph[] = [];
  readFields(scope, (field) => {
    if (field.number === 1) name = field.text();
    else if (field.number === 2) float = field.float();
    else if (field.number === 3) int = field.integer();
    else if (field.number === 4) string = decoder.decode(field.bytes());
    else if (field.number === 5) tensor = once(tensor, readTensor(field.message()));
    else if (field.number === 6) graph = once(graph, readGraph(field.message()));
    else if (field.number === 7) floats.push(spent(field.packed(4)));
    else if (field.number === 8) ints.push(spent(field.packed('varint')));
    else if (field.number === 9) strings.push(decoder.decode(spent(field.bytes())));
    else if (field.number === 10) tensors.push(readTensor(field.message()));
    else if (field.number === 11) graphs.push(readGraph(field.message()));
    else if (field.number === 22 || field.number === 23) throw unsupportedSparse();
    else if (field.number === 20) kind = attributeKindOf(field.small());
  });
  return [name, attribute()];

  function spent(bytes: Uint8Array): Uint8Array {
    scope.budget.spend(1);
    return bytes;
  }

  function attribute(): Attribute {
    switch (kind) {
      case 'float':
        return { kind, value: float };
      case 'int':
        return { kind, value: int };
      case 'string':
        return { kind, value: string };
      case 'tensor':
        return tensor === undefined ? { kind: 'other' } : { kind, value: tensor };
      case 'graph':
        return graph === undefined ? { kind: 'other' } : { kind, value: graph };
      case 'floats':
        return { kind, value: readFloats(joinPieces(floats), scope.budget) };
      case 'ints':
        return { kind, value: readVarints(joinPieces(ints), scope.budget) };
      case 'strings':
        return { kind, value: strings };
      case 'tensors':
        return { kind, value: tensors };
      case 'graphs':
        return { kind, value: graphs };
      case 'other':
        return { kind };
    }
  }
}
