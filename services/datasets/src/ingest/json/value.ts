/** A number as it is written. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Objects are maps: their keys keep their order, integer-like ones too, and `__proto__` is a key like any other. */
export type JsonValue = null | boolean | string | NumberText | JsonValue[] | JsonObject;
export type JsonObject = Map<string, JsonValue>;

/** Writes a value as JSON again, numbers as they came. */
export const writeJsonValue = (value: JsonValue): string => {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJsonValue).join(',')}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, one]) => `${JSON.stringify(key)}:${writeJsonValue(one)}`).join(',')}}`;
  }
  return JSON.stringify(value);
};

const minimum = -(2n ** 63n);
const maximum = 2n ** 63n - 1n;

/** How a number as it is written in JSON can be kept without loss. */
export const numberKind = (text: string): 'integer' | 'number' | 'exact' => {
  if (/^-?\d+$/.test(text)) {
    if (text === '-0') return 'number';
    const value = BigInt(text);
    return value >= minimum && value <= maximum ? 'integer' : 'exact';
  }
  const value = Number(text);
  if (!Number.isFinite(value)) return /^-?Infinity$/.test(text) ? 'number' : 'exact';
  const digits = digitsOf(text).replace(/^0+/, '');
  if (digits.length <= 15) return 'number';
  const again = digitsOf(String(value)).replace(/^0+|0+$/g, '');
  return again === digits.replace(/0+$/, '') ? 'number' : 'exact';
};

const digitsOf = (text: string): string => text.replace(/[eE].*$/, '').replace(/\D/g, '');
