import { type FileHandle, open } from 'node:fs/promises';
import { crc32, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import snappy from 'snappyjs';
import type { Limits } from '../../limits.ts';
import { tooLarge, unreadable } from '../refuse.ts';

/** A block of records, expanded. */
export interface AvroBlock {
  readonly count: number;
  readonly data: Buffer;
}

export interface AvroContainer {
  /** As it is written in the file: JSON text. */
  readonly schema: string;
  readonly codec: string;
  blocks(): AsyncGenerator<AvroBlock>;
  close(): Promise<void>;
}

const syncLength = 16;
const maximumBlock = 64 * 2 ** 20;
const maximumHeader = 4 * 2 ** 20;

/**
 * Opens an Avro object container file (Avro 1.12, "Object Container Files"). A file that ends inside a block, or whose
 * block does not end with the file's marker, is refused: nothing of it is lost silently.
 */
export const openContainer = async (path: string, limits: Limits): Promise<AvroContainer> => {
  const file = await open(path);
  try {
    const reader = createReader(file);
    const magic = await reader.bytes(4);
    if (magic.toString('latin1') !== 'Obj\u0001') throw damaged('it does not begin as one');
    const metadata = await readMetadata(reader);
    const sync = await reader.bytes(syncLength);
    const codec = metadata.get('avro.codec')?.toString() || 'null';
    const schema = metadata.get('avro.schema')?.toString();
    if (schema === undefined) throw damaged('it has no schema');
    async function* blocks(): AsyncGenerator<AvroBlock> {
      while (!(await reader.atEnd())) {
        const count = await reader.long();
        const size = await reader.long();
        if (count < 0 || size < 0 || size > maximumBlock) throw damaged('a block has an impossible size');
        const packed = await reader.bytes(size);
        if (!(await reader.bytes(syncLength)).equals(sync))
          throw damaged('a block does not end with the marker of the file');
        yield { count, data: expand(packed, codec, limits) };
      }
    }
    return { schema, codec, blocks, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
};

const readMetadata = async (reader: Reader): Promise<Map<string, Buffer>> => {
  const metadata = new Map<string, Buffer>();
  let total = 0;
  for (let count = await reader.long(); count !== 0; count = await reader.long()) {
    // A negative count is followed by the size of the block in bytes.
    if (count < 0) await reader.long();
    for (let left = Math.abs(count); left > 0; left -= 1) {
      const key = await text(reader);
      const value = await text(reader);
      total += key.length + value.length + 1;
      if (total > maximumHeader) throw damaged('its header is too large');
      metadata.set(key.toString(), value);
    }
  }
  return metadata;
};

const text = async (reader: Reader): Promise<Buffer> => {
  const length = await reader.long();
  if (length < 0 || length > maximumHeader) throw damaged('its header is too large');
  return reader.bytes(length);
};

const expand = (packed: Buffer, codec: string, limits: Limits): Buffer => {
  const maxOutputLength = Math.min(maximumBlock * 2, Math.max(2 ** 20, packed.length * limits.expansionRatio));
  try {
    switch (codec) {
      case 'null':
        return packed;
      case 'deflate':
        return inflateRawSync(packed, { maxOutputLength });
      case 'zstandard':
        return zstdDecompressSync(packed, { maxOutputLength });
      case 'snappy': {
        // The checksum of the expanded block follows it.
        const data = Buffer.from(snappy.uncompress(packed.subarray(0, -4), maxOutputLength));
        if (crc32(data) !== packed.readUInt32BE(packed.length - 4)) throw new Error('the checksum differs');
        return data;
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge('expands_too_far', `A block of the Avro file expands to more than ${maxOutputLength} bytes.`);
    }
    throw damaged(`a block cannot be expanded (${error instanceof Error ? error.message : String(error)})`);
  }
  throw unreadable(
    'unknown_codec',
    `The Avro file is compressed with ${JSON.stringify(codec.slice(0, 50))}, which is not read.`,
    {
      known: ['null', 'deflate', 'snappy', 'zstandard'],
    },
  );
};

interface Reader {
  bytes(length: number): Promise<Buffer>;
  /** A zigzag number of up to 64 bits; those beyond 2^53 are no lengths of anything. */
  long(): Promise<number>;
  atEnd(): Promise<boolean>;
}

const createReader = (file: FileHandle): Reader => {
  let buffer = Buffer.alloc(0);
  let place = 0;
  const fill = async (wanted: number): Promise<boolean> => {
    while (buffer.length - place < wanted) {
      const chunk = Buffer.allocUnsafe(Math.max(2 ** 18, wanted - (buffer.length - place)));
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return false;
      buffer = Buffer.concat([buffer.subarray(place), chunk.subarray(0, bytesRead)]);
      place = 0;
    }
    return true;
  };
  const bytes = async (length: number) => {
    if (!(await fill(length))) throw damaged('it ends too early');
    place += length;
    return buffer.subarray(place - length, place);
  };
  return {
    bytes,
    atEnd: async () => !(await fill(1)),
    long: async () => {
      let value = 0n;
      for (let shift = 0n; shift < 70n; shift += 7n) {
        const byte = (await bytes(1))[0] ?? 0;
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return Number((value >> 1n) ^ -(value & 1n));
      }
      throw damaged('a number is too long');
    },
  };
};

export const damaged = (reason: string) => unreadable('damaged_avro', `The Avro file is damaged: ${reason}.`);
