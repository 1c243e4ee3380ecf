import { invalidPickle, unsupportedPickle } from '../errors.ts';
import type { NumpyType } from './types.ts';

/** An element as JavaScript has it. */
export type Element = number | bigint | boolean | string;

/** Reads the element of a dtype that begins at `offset`. */
export function readElement(type: NumpyType, view: DataView, offset: number): Element {
  if (type.letter === 'U') return readUnicode(type, view, offset);
  if (type.letter === 'S') return readBytes(type, view, offset);
  if (type.letter === 'b') return view.getUint8(offset) !== 0;
  const value = numberReader(type)(view, offset);
  return value;
}

type NumberReader = (view: DataView, offset: number) => number | bigint;

/** @returns a function that reads numbers of a dtype; 64-bit integers come as numbers where those are exact. */
export function numberReader(type: NumpyType): NumberReader {
  const little = type.littleEndian;
  switch (`${type.letter}${type.size}`) {
    case 'f8':
      return (view, offset) => view.getFloat64(offset, little);
    case 'f4':
      return (view, offset) => view.getFloat32(offset, little);
    case 'f2':
      return (view, offset) => view.getFloat16(offset, little);
    case 'i8':
      return (view, offset) => exact(view.getBigInt64(offset, little));
    case 'u8':
      return (view, offset) => exact(view.getBigUint64(offset, little));
    case 'i4':
      return (view, offset) => view.getInt32(offset, little);
    case 'u4':
      return (view, offset) => view.getUint32(offset, little);
    case 'i2':
      return (view, offset) => view.getInt16(offset, little);
    case 'u2':
      return (view, offset) => view.getUint16(offset, little);
    case 'i1':
      return (view, offset) => view.getInt8(offset);
    case 'u1':
    case 'b1':
      return (view, offset) => view.getUint8(offset);
    default:
      throw unsupportedPickle(`has numbers of the type ${type.letter}${type.size}, which is not supported`);
  }
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** numpy's text is UTF-32 with zeros behind. */
function readUnicode(type: NumpyType, view: DataView, offset: number): string {
  const points: number[] = [];
  for (let index = 0; index + 4 <= type.size; index += 4)
    points.push(view.getUint32(offset + index, type.littleEndian));
  while (points.at(-1) === 0) points.pop();
  if (points.some((point) => point > 0x10ffff)) throw invalidPickle('a text has a character beyond Unicode');
  return points.map((point) => String.fromCodePoint(point)).join('');
}

function readBytes(type: NumpyType, view: DataView, offset: number): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset + offset, type.size);
  return bytes.toString('latin1').replace(/\0+$/, '');
}
