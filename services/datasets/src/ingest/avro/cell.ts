import type { CellKind } from '../row-sink.ts';
import type { FieldType } from './types.ts';

/** A value of Avro as text, and what it is. */
export const avroCell = (value: unknown, type: FieldType): { text: string; kind: CellKind } | undefined => {
  if (value === null || value === undefined) return undefined;
  const logical = type.logicalType === undefined ? undefined : logicalCell(value, type);
  if (logical !== undefined) return logical;
  switch (typeof value) {
    case 'string':
      return { text: value, kind: 'string' };
    case 'boolean':
      return { text: String(value), kind: 'boolean' };
    case 'bigint':
      return { text: String(value), kind: 'integer' };
    case 'number':
      // Neither a value nor missing; for us it is missing, everywhere.
      if (Number.isNaN(value)) return undefined;
      return { text: numberText(value), kind: type.type === 'int' ? 'integer' : 'number' };
    default:
      return Buffer.isBuffer(value)
        ? { text: value.toString('base64'), kind: 'binary' }
        : { text: JSON.stringify(value, jsonValue), kind: 'json' };
  }
};

/** DuckDB's words for what JSON has none. */
const numberText = (value: number) => (Object.is(value, -0) ? '-0' : String(value));

const logicalCell = (
  value: unknown,
  { logicalType, precision, scale = 0 }: FieldType,
): { text: string; kind: CellKind } | undefined => {
  switch (logicalType) {
    case 'date':
      return typeof value === 'number' ? day(value) : undefined;
    case 'time-millis':
      return typeof value === 'number' ? { text: clock(BigInt(value) * 1000n), kind: 'time' } : undefined;
    case 'time-micros':
      return typeof value === 'bigint' ? { text: clock(value), kind: 'time' } : undefined;
    case 'timestamp-millis':
      return typeof value === 'bigint' ? instant(value * 1000n, 'datetime_tz') : undefined;
    case 'timestamp-micros':
      return typeof value === 'bigint' ? instant(value, 'datetime_tz') : undefined;
    case 'local-timestamp-millis':
      return typeof value === 'bigint' ? instant(value * 1000n, 'datetime') : undefined;
    case 'local-timestamp-micros':
      return typeof value === 'bigint' ? instant(value, 'datetime') : undefined;
    case 'decimal':
      if (!Buffer.isBuffer(value) || precision === undefined) return undefined;
      return { text: decimal(value, scale), kind: 'decimal' };
    default:
      return undefined;
  }
};

const day = (days: number): { text: string; kind: CellKind } | undefined => {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 1
    ? undefined
    : { text: date.toISOString().slice(0, 10), kind: 'date' };
};

const clock = (microseconds: bigint): string => {
  const inDay = ((microseconds % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n;
  const seconds = new Date(Number(inDay / 1000n)).toISOString().slice(11, 19);
  return `${seconds}.${String(inDay % 1_000_000n).padStart(6, '0')}`;
};

const instant = (
  microseconds: bigint,
  kind: 'datetime' | 'datetime_tz',
): { text: string; kind: CellKind } | undefined => {
  const days =
    (microseconds - (((microseconds % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n)) / 86_400_000_000n;
  const date = day(Number(days));
  return date && { text: `${date.text} ${clock(microseconds)}${kind === 'datetime_tz' ? '+00' : ''}`, kind };
};

/** A big-endian two's complement integer with `scale` digits behind the point. */
const decimal = (bytes: Buffer, scale: number): string => {
  const unscaled = bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

const jsonValue = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value) {
    return Buffer.from(value.data as number[]).toString('base64');
  }
  return value;
};
