import { type InferenceDatatype, type InferenceTensor, ServiceError } from '@vindima/contracts';
import { allocate, datatypes, type Element } from '../tensors/datatypes.ts';
import type { NumericArray, Tensor } from '../tensors/tensor.ts';

/** Tensors that stand behind the JSON of a request (the protocol's binary data extension). */
export interface Binary {
  /** @returns the elements of an input that has its data there, else undefined */
  elements(input: BinaryInput): readonly Element[] | undefined;
}

interface BinaryInput extends Pick<InferenceTensor, 'name' | 'datatype'> {
  readonly parameters?: Readonly<Record<string, unknown>> | null;
}

export const noBinary: Binary = { elements: () => undefined };

/** Reads the tensors one after the other, in the order in which the inputs are asked for: that of the request. */
export const createBinary = (bytes: Uint8Array, inputs: readonly BinaryInput[]): Binary => {
  const places = new Map<string, Uint8Array>();
  let offset = 0;
  for (const { name, parameters } of inputs) {
    const size = parameters?.binary_data_size;
    if (size === undefined) continue;
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || offset + size > bytes.length) {
      throw invalidBinary(`The input "${name}" has a binary_data_size that does not fit the body.`);
    }
    places.set(name, bytes.subarray(offset, offset + size));
    offset += size;
  }
  if (offset !== bytes.length) throw invalidBinary('Behind the tensors there are bytes that belong to none of them.');
  return {
    elements: ({ name, datatype }) => {
      const own = places.get(name);
      return own === undefined ? undefined : readElements(name, datatype, own);
    },
  };
};

const readElements = (name: string, datatype: InferenceDatatype, bytes: Uint8Array): readonly Element[] => {
  if (datatype === 'BYTES') return readTexts(name, bytes);
  const { array } = datatypes[datatype];
  const size = array?.BYTES_PER_ELEMENT ?? 1;
  if (bytes.length % size !== 0)
    throw invalidBinary(`The input "${name}" has no whole number of ${datatype} elements.`);
  const data = allocate(datatype, bytes.length / size) as NumericArray;
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength).set(bytes);
  return Array.from(data as ArrayLike<number | bigint>);
};

/** Texts have their length before them, in four bytes. */
const readTexts = (name: string, bytes: Uint8Array): string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = offset + 4 <= bytes.length ? view.getUint32(offset, true) : Number.POSITIVE_INFINITY;
    if (offset + 4 + length > bytes.length) throw invalidBinary(`The input "${name}" has a text that is cut off.`);
    texts.push(Buffer.from(bytes.subarray(offset + 4, offset + 4 + length)).toString('utf8'));
    offset += 4 + length;
  }
  return texts;
};

/** Elements of a tensor as the extension has them: little-endian, row by row; those from `start` up to `end`. */
export const elementsBinary = ({ data }: Tensor, start = 0, end = data.length): Buffer => {
  if (Array.isArray(data)) {
    return Buffer.concat(
      data.slice(start, end).flatMap((text: string) => {
        const bytes = Buffer.from(text);
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return [length, bytes];
      }),
    );
  }
  const part = (data as NumericArray).subarray(start, end);
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength);
};

const invalidBinary = (message: string) => new ServiceError(400, 'inference.invalid_infer_request', message);
