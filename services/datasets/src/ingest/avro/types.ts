import avro from 'avsc';

/** Longs as bigint: Avro's have 64 bits, JavaScript's numbers 53. */
const bigintLong = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.allocUnsafe(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (one: bigint, other: bigint) => (one === other ? 0 : one < other ? -1 : 1),
});

const primitives = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

/** A schema with every annotated primitive (`{"type": "long", "logicalType": ...}`) written plainly. */
const plain = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('type' in schema && typeof schema.type === 'string' && primitives.has(schema.type)) return schema.type;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'fields' && Array.isArray(value)) return [key, value.map(plainField)];
      return [key, key === 'type' || key === 'items' || key === 'values' ? plain(value) : value];
    }),
  );
};

const plainField = (field: unknown): unknown =>
  typeof field === 'object' && field !== null && 'type' in field ? { ...field, type: plain(field.type) } : field;

/**
 * The codec of a schema. Longs are bigint everywhere; avsc would take its own for annotated ones, and logical types are
 * ours to interpret.
 */
export const avroCodec = (schema: unknown): avro.Type =>
  avro.Type.forSchema(plain(schema) as avro.Schema, { registry: { long: bigintLong } });

/** A schema's type, as far as a column needs it: the branch of a union with null, and what it says besides. */
export interface FieldType {
  readonly type: string;
  readonly logicalType?: string;
  readonly precision?: number;
  readonly scale?: number;
}

/** Reads the JSON of a field's type; a union with null is its other branch, other unions are `union`. */
export const fieldType = (schema: unknown): FieldType => {
  if (typeof schema === 'string') return { type: schema };
  if (Array.isArray(schema)) {
    const branches = schema.filter((branch) => branch !== 'null');
    return branches.length === 1 ? fieldType(branches[0]) : { type: 'union' };
  }
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return { type: 'unknown' };
  const found = schema as { type: unknown; logicalType?: unknown; precision?: unknown; scale?: unknown };
  if (typeof found.type !== 'string') return fieldType(found.type);
  return {
    type: found.type,
    ...(typeof found.logicalType === 'string' ? { logicalType: found.logicalType } : {}),
    ...(typeof found.precision === 'number' ? { precision: found.precision } : {}),
    scale: typeof found.scale === 'number' ? found.scale : 0,
  };
};
