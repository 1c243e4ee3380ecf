import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Writes the fields of one message. What is empty is left out where protobuf's readers assume it anyway. */
export interface MessageWriter {
  readonly text: (field: number, value: string) => void;
  readonly bytes: (field: number, value: Uint8Array) => void;
  readonly integer: (field: number, value: number | bigint) => void;
  readonly float: (field: number, value: number) => void;
  readonly integers: (field: number, values: Iterable<number | bigint>) => void;
  readonly floats: (field: number, values: Iterable<number>) => void;
  readonly message: (field: number, write: (writer: MessageWriter) => void) => void;
}

/** @returns the bytes of a message whose fields `write` writes. */
export function writeMessage(write: (writer: MessageWriter) => void): Uint8Array {
  const binary = new BinaryWriter();
  const nested = (field: number, content: () => void) => {
    binary.tag(field, WireType.LengthDelimited).fork();
    content();
    binary.join();
  };
  const writer: MessageWriter = {
    text: (field, value) => void binary.tag(field, WireType.LengthDelimited).string(value),
    bytes: (field, value) => void binary.tag(field, WireType.LengthDelimited).bytes(value),
    integer: (field, value) => void binary.tag(field, WireType.Varint).int64(BigInt(value)),
    float: (field, value) => void binary.tag(field, WireType.Bit32).float(value),
    integers(field, values) {
      nested(field, () => {
        for (const value of values) binary.int64(BigInt(value));
      });
    },
    floats(field, values) {
      nested(field, () => {
        for (const value of values) binary.float(value);
      });
    },
    message(field, content) {
      nested(field, () => content(writer));
    },
  };
  write(writer);
  return binary.finish();
}
