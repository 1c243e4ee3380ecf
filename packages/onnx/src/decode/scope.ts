import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { type Budget, invalidModel, limitExceeded } from './budget.ts';

/** One message on its way through the decoder: its bytes (a view), how deep it is, what may still be spent. */
export interface Scope {
  readonly bytes: Uint8Array;
  readonly depth: number;
  readonly budget: Budget;
}

/** One field of a message. Each method reads the field as that type and checks that it was written as such. */
export interface Field {
  readonly number: number;
  readonly integer: () => bigint;
  readonly small: () => number;
  readonly float: () => number;
  readonly bytes: () => Uint8Array;
  readonly text: () => string;
  readonly message: () => Scope;
  /** All elements of a repeated number at once when packed, else the one that is here. */
  readonly packed: (size: 'varint' | 4 | 8) => Uint8Array;
}

const wireTypes = { varint: WireType.Varint, 4: WireType.Bit32, 8: WireType.Bit64 } as const;

/**
 * Walks over a message's fields. `visit` reads the fields it knows; the others are skipped. A field's methods hold
 * only during its visit.
 */
export function readFields(scope: Scope, visit: (field: Field) => void): void {
  const { budget, depth } = scope;
  if (depth > budget.limits.maxDepth) throw limitExceeded('levels', budget.limits.maxDepth);
  budget.spend(1);
  const reader = new BinaryReader(scope.bytes);
  let number = 0;
  let wireType: WireType = WireType.Varint;
  let taken = false;
  const take = (expected: WireType) => {
    if (wireType !== expected || taken) throw invalidModel(`field ${number} has an unexpected type`);
    taken = true;
  };
  const field: Field = {
    get number() {
      return number;
    },
    integer() {
      take(WireType.Varint);
      return BigInt.asIntN(64, BigInt(reader.int64()));
    },
    small() {
      take(WireType.Varint);
      return reader.int32();
    },
    float() {
      take(WireType.Bit32);
      return reader.float();
    },
    bytes() {
      take(WireType.LengthDelimited);
      return reader.bytes();
    },
    text() {
      take(WireType.LengthDelimited);
      budget.spend(1);
      return reader.string();
    },
    message() {
      take(WireType.LengthDelimited);
      return { bytes: reader.bytes(), depth: depth + 1, budget };
    },
    packed(size) {
      if (wireType === WireType.LengthDelimited) return field.bytes();
      take(wireTypes[size]);
      const start = reader.pos;
      reader.skip(wireType, number);
      return scope.bytes.subarray(start, reader.pos);
    },
  };
  while (reader.pos < reader.len) {
    [number, wireType] = reader.tag();
    taken = false;
    visit(field);
    if (!taken) reader.skip(wireType, number, budget.limits.maxDepth);
  }
}
