/**
 * Element types of tensors: the number that a file carries, our name for it and the size of one element in bytes.
 * Numbers from `TensorProto.DataType` of the ONNX standard; names as onnxruntime's JavaScript API writes them.
 * Size 0: the elements have no fixed size (strings), or share bytes (4-bit types).
 */
const elementTypes = [
  ['float32', 1, 4],
  ['uint8', 2, 1],
  ['int8', 3, 1],
  ['uint16', 4, 2],
  ['int16', 5, 2],
  ['int32', 6, 4],
  ['int64', 7, 8],
  ['string', 8, 0],
  ['bool', 9, 1],
  ['float16', 10, 2],
  ['float64', 11, 8],
  ['uint32', 12, 4],
  ['uint64', 13, 8],
  ['complex64', 14, 8],
  ['complex128', 15, 16],
  ['bfloat16', 16, 2],
  ['float8e4m3fn', 17, 1],
  ['float8e4m3fnuz', 18, 1],
  ['float8e5m2', 19, 1],
  ['float8e5m2fnuz', 20, 1],
  ['uint4', 21, 0],
  ['int4', 22, 0],
  ['float4e2m1', 23, 0],
] as const;

/** The name of an element type; `undefined` stands for a number that the standard does not know (yet). */
export type ElementType = (typeof elementTypes)[number][0] | 'undefined';

const byNumber = new Map<number, ElementType>(elementTypes.map(([name, number]) => [number, name]));
const numbers = new Map<ElementType, number>(elementTypes.map(([name, number]) => [name, number]));
const sizes = new Map<ElementType, number>(elementTypes.map(([name, , size]) => [name, size]));

/** @returns the name of the element type with that number in a file. */
export function elementTypeOf(number: number): ElementType {
  return byNumber.get(number) ?? 'undefined';
}

/** @returns the number that a file carries for an element type. */
export function elementTypeNumber(type: ElementType): number {
  return numbers.get(type) ?? 0;
}

/** @returns bytes of one element, 0 where elements have no size of their own. */
export function elementSize(type: ElementType): number {
  return sizes.get(type) ?? 0;
}
